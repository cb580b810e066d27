/** Reads `lamplighter-server sessions …`: what an operator wants done, and in which store. Nothing is asked of a store here. */
import { existsSync } from 'node:fs';
import { parseArgs } from 'node:util';
import type { GivenValue } from '../../config/arguments.ts';
import { type Environment, readEnvironment } from '../../config/environment.ts';
import { Findings } from '../../config/findings.ts';
import { escapeControls, formatProblem } from '../../config/problems.ts';
import { readSettings } from '../../config/read-settings.ts';
import { resolveSessions } from '../../config/resolve-sessions.ts';
import type { SessionsConfig } from '../../config/server-config.ts';
import type { PersonKey } from '../person-hash.ts';

export type SessionsCommand =
  | { readonly kind: 'help' }
  /** Sentences for people. */
  | { readonly kind: 'problems'; readonly problems: readonly string[] }
  /** `who`: null is everybody. */
  | {
      readonly kind: 'list' | 'end';
      readonly who: PersonKey | null;
      readonly json: boolean;
      readonly sessions: Pick<SessionsConfig, 'store' | 'keys'>;
    };

/** The server's own flags that say where sessions are and under which keys; read as the server reads them, the environment too. */
const STORE_FLAGS = ['session-store', 'session-key-file'] as const;
/** Where a person's issuer is found when it is not given: what the server compares its tokens with, the first that is set. */
const ISSUER_FLAGS = ['oidc-validator-idp-issuer-url', 'oidc-idp-issuer-url'] as const;

const OPTIONS = {
  help: { type: 'boolean', short: 'h' },
  json: { type: 'boolean' },
  all: { type: 'boolean' },
  user: { type: 'string' },
  issuer: { type: 'string' },
  cluster: { type: 'string' },
  'session-store': { type: 'string' },
  'session-key-file': { type: 'string' },
} as const;

/** @param argv - what stands behind `sessions`. */
export function readSessionsCommand(argv: readonly string[], environment: Environment): SessionsCommand {
  const read = readWords(argv);
  if (typeof read === 'string') return refuse(read);
  const { values, positionals } = read;
  const [kind, ...more] = positionals;
  if (values.help === true || kind === 'help') return { kind: 'help' };
  if ((kind !== 'list' && kind !== 'end') || more.length > 0) return refuse('say `sessions list` or `sessions end`.');
  const fromEnvironment = readEnvironment(environment);
  const who = readPerson(values, fromEnvironment);
  if (typeof who === 'string') return refuse(who);
  if (kind === 'end' && (who === null) !== (values.all === true)) {
    return refuse('say whose sessions are to end: either --user, or --all.');
  }
  if (kind === 'list' && values.all === true)
    return refuse('`sessions list` lists all sessions by itself; leave out --all.');
  const sessions = readStore(values, fromEnvironment);
  if ('problems' in sessions) return { kind: 'problems', problems: sessions.problems };
  const wrong = judgeStore(sessions, who);
  return wrong === null ? { kind, who, json: values.json === true, sessions } : refuse(wrong);
}

type Values = ReturnType<typeof parseWords>['values'];

function parseWords(argv: readonly string[]) {
  return parseArgs({ args: [...argv], options: OPTIONS, allowPositionals: true });
}

function readWords(argv: readonly string[]): ReturnType<typeof parseWords> | string {
  try {
    return parseWords(argv);
  } catch (error) {
    // Node's sentence names the word that it does not know, or that lacks its value.
    return error instanceof Error ? error.message : 'the arguments cannot be read.';
  }
}

function readPerson(values: Values, environment: ReadonlyMap<string, GivenValue>): PersonKey | null | string {
  const { user, issuer, cluster } = values;
  if (user === undefined) {
    return issuer === undefined && cluster === undefined ? null : '--issuer and --cluster say whose --user is meant.';
  }
  if (user === '') return '--user needs a value.';
  if (cluster !== undefined) {
    if (issuer !== undefined) return '--issuer and --cluster are both given; keep one.';
    return { kind: 'token', cluster, username: user };
  }
  const known = ISSUER_FLAGS.map((flag) => environment.get(flag)?.value).find((value) => value !== undefined);
  const of = issuer ?? known;
  if (of === undefined) {
    return '--user needs --issuer, the issuer URL as its tokens write it, or, for sign-ins with a token, --cluster.';
  }
  return { kind: 'oidc', issuer: of, subject: user };
}

function readStore(
  values: Values,
  environment: ReadonlyMap<string, GivenValue>,
): SessionsConfig | { readonly problems: readonly string[] } {
  const given = new Map<string, GivenValue>();
  for (const flag of STORE_FLAGS) {
    const value = values[flag];
    const found = value === undefined ? environment.get(flag) : { key: `--${flag}`, value };
    if (found !== undefined) given.set(flag, found);
  }
  const judged = readSettings(given);
  const findings = new Findings(given, judged);
  const sessions = resolveSessions(judged.settings, findings);
  const problems = [...judged.problems, ...findings.problems];
  return problems.length === 0 ? sessions : { problems: problems.map(formatProblem) };
}

function judgeStore({ store, keys }: SessionsConfig, who: PersonKey | null): string | null {
  if (store.kind === 'memory') {
    return 'sessions in memory are known to their server alone; name the store it keeps them in with --session-store.';
  }
  // Opening would make it.
  if (store.kind === 'file' && !existsSync(store.path)) return `--session-store: ${store.path} does not exist.`;
  if (who !== null && keys.length === 0) {
    return '--user needs the server’s --session-key-file: only with its keys a person’s sessions can be told from others.';
  }
  return null;
}

function refuse(problem: string): SessionsCommand {
  return { kind: 'problems', problems: [escapeControls(problem)] };
}
