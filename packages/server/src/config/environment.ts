/** Reads flags from environment variables: `LAMPLIGHTER_<NAME>` first, then `HEADLAMP_CONFIG_<NAME>`. */
import type { GivenValue } from './arguments.ts';
import { ALIASES, FLAGS } from './flags.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

const PREFIXES = ['LAMPLIGHTER_', 'HEADLAMP_CONFIG_'] as const;

/** These two are for a person at a terminal; a variable that made every start print help would only puzzle. */
const NOT_FROM_ENVIRONMENT: ReadonlySet<string> = new Set(['help', 'version']);

/** `oidc-client-id` becomes `OIDC_CLIENT_ID`. */
export function environmentName(flagName: string): string {
  return flagName.toUpperCase().replaceAll('-', '_');
}

/** By the flag's own name. An empty variable counts as unset, as charts leave them. */
export function readEnvironment(environment: Environment): ReadonlyMap<string, GivenValue> {
  const values = new Map<string, GivenValue>();
  for (const { name } of FLAGS) {
    if (NOT_FROM_ENVIRONMENT.has(name)) continue;
    const spellings = [name, ...[...ALIASES].filter(([, flag]) => flag === name).map(([alias]) => alias)];
    for (const key of PREFIXES.flatMap((prefix) => spellings.map((spelling) => prefix + environmentName(spelling)))) {
      const value = environment[key];
      if (value === undefined || value === '') continue;
      values.set(name, { key, value });
      break;
    }
  }
  return values;
}
