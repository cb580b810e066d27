/** Owns how a configuration mistake is told: which key, what was given, what would be accepted. Never a secret. */

export interface ConfigProblem {
  /** As the person wrote it: `--session-ttl`, or the environment variable's name. */
  readonly key: string;
  /** What is wrong, as the end of a sentence that begins with the key. */
  readonly problem: string;
}

/** Flags whose value is never repeated, not even when it is wrong. */
const SECRET_FLAGS: ReadonlySet<string> = new Set(['oidc-client-secret']);

/** A value as a message may show it: its text, cut short, or only its length. */
export function shapeOf(flagName: string, value: string): string {
  if (SECRET_FLAGS.has(flagName)) return `a text of ${value.length} characters`;
  if (value === '') return 'nothing';
  return value.length > 80 ? `"${value.slice(0, 80)}…"` : `"${value}"`;
}

/** One sentence, ready for a line of its own. */
export function formatProblem({ key, problem }: ConfigProblem): string {
  return `${key}: ${problem}`;
}
