/**
 * Reads arguments the way Go's `flag` package does, so that charts written for Headlamp keep working: one dash or two, `=value` or the
 * next word, booleans only alone or with `=`. Node's parseArgs differs in each of these (it groups short flags and will not take a next
 * word that begins with a dash).
 */
import { ALIASES, FLAG_BY_NAME, FLAGS, REFUSED } from './flags.ts';
import { nearestWord } from './nearest.ts';
import type { ConfigProblem } from './problems.ts';

/** A value with where it came from, for messages. */
export interface GivenValue {
  readonly key: string;
  readonly value: string;
}

export interface ReadArguments {
  /** By the flag's own name, aliases resolved; the last one wins, as in Go. */
  readonly values: ReadonlyMap<string, GivenValue>;
  readonly problems: readonly ConfigProblem[];
}

const WORD = /^(--?)([^=-][^=]*)(?:=([\s\S]*))?$/;

/** @param argv - without the program's name. */
export function readArguments(argv: readonly string[]): ReadArguments {
  const values = new Map<string, GivenValue>();
  const problems: ConfigProblem[] = [];
  for (let at = 0; at < argv.length; at++) {
    const [, , name, attached] = WORD.exec(argv[at] ?? '') ?? [];
    if (name === undefined) {
      // The word itself is not shown: it may be a secret that lost its flag.
      problems.push({ key: `argument ${at + 1}`, problem: NOT_A_FLAG });
      continue;
    }
    const key = `--${name}`;
    const flag = FLAG_BY_NAME.get(name);
    const takesNext = attached === undefined && flag?.kind !== 'boolean';
    const next = argv[at + 1];
    if (flag === undefined) {
      problems.push({ key, problem: describeUnknown(name) });
      // Go would stop here; going on reports every mistake at once. A word behind it was meant as its value.
      if (takesNext && next?.startsWith('-') === false) at++;
      continue;
    }
    const value = attached ?? (takesNext ? next : 'true');
    if (takesNext) at++;
    if (value === undefined) problems.push({ key, problem: 'needs a value, as `--name=value` or as the next word.' });
    else values.set(flag.name, { key, value });
  }
  return { values, problems };
}

const NOT_A_FLAG = 'is not a flag. Flags begin with one or two dashes; a yes or no is written `--name=true`.';

function describeUnknown(name: string): string {
  const reason = REFUSED.get(name);
  if (reason !== undefined) return `is not offered: ${reason}.`;
  const near = nearestWord(name, [...FLAGS.map((flag) => flag.name), ...ALIASES.keys()]);
  return `is not a flag of Headlamp or Lamplighter.${near === undefined ? '' : ` Did you mean \`--${near}\`?`} \`--help\` lists all.`;
}
