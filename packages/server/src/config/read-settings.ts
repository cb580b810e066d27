/** Turns what flags and environment hold into settings, and tells every value that was refused. */
import type { GivenValue } from './arguments.ts';
import { FLAGS, type Flag, type FlagKind } from './flags.ts';
import { type ConfigProblem, isSecretFlag, shapeOf } from './problems.ts';
import { EFFECTIVE, INEFFECTIVE, type Settings } from './schema.ts';

/** A chart's variable that was never filled in: Kubernetes leaves `$(NAME)` as it is when NAME is unknown. */
const UNRESOLVED = /\$\([A-Za-z_][A-Za-z0-9_.-]*\)/;
/** A secret may hold anything, so it only counts as forgotten when it is nothing else. */
const UNRESOLVED_SECRET = new RegExp(`^${UNRESOLVED.source}$`);

const KINDS: ReadonlyMap<string, FlagKind> = new Map(FLAGS.map(({ name, kind }) => [name, kind]));

export interface ReadSettings {
  /** A flag whose value was refused has its default here, so that whatever else is wrong can be told in the same breath. */
  readonly settings: Settings;
  /** The flags whose value was refused. */
  readonly rejected: ReadonlySet<string>;
  readonly problems: readonly ConfigProblem[];
  /** Flags given that have no effect. */
  readonly withoutEffect: readonly Flag[];
}

export function readSettings(given: ReadonlyMap<string, GivenValue>): ReadSettings {
  const problems: ConfigProblem[] = [];
  const rejected = new Set<string>();
  const reject = (name: string, describe: (value: string) => string): void => {
    const { key, value } = given.get(name) ?? { key: `--${name}`, value: '' };
    problems.push({ key, problem: `was given ${describe(value)}` });
    rejected.add(name);
  };
  const values: Record<string, string> = {};
  for (const [name, { value }] of given) {
    const secret = isSecretFlag(name);
    const unresolved = (secret ? UNRESOLVED_SECRET : UNRESOLVED).exec(value)?.[0];
    if (unresolved !== undefined) {
      reject(name, () => `${unresolved}, a variable nobody filled in. Set it where this container is defined.`);
      // Charts write `--flag=` for a value nobody chose; only a list of scopes may be empty on purpose.
    } else if (value !== '' || KINDS.get(name) !== 'text' || name === 'oidc-scopes') values[name] = value;
  }
  const issues = [EFFECTIVE, INEFFECTIVE].flatMap((schema) => schema.safeParse(values).error?.issues ?? []);
  for (const { path, message } of issues) {
    const name = String(path[0]);
    reject(name, (value) => `${shapeOf(name, value)}; accepted: ${message}.`);
    delete values[name];
  }
  const withoutEffect = FLAGS.filter(({ name, effective }) => !effective && given.has(name));
  return { settings: EFFECTIVE.parse(values), rejected, problems, withoutEffect };
}
