/** Owns how a configuration mistake is told: which key, what was given, what would be accepted. Never a secret. */

export interface ConfigProblem {
  /** As the person wrote it: `--session-ttl`, or the environment variable's name. */
  readonly key: string;
  /** What is wrong, as the end of a sentence that begins with the key. */
  readonly problem: string;
}

/** Flags whose value is never repeated, not even when it is wrong. */
const SECRET_FLAGS: ReadonlySet<string> = new Set(['oidc-client-secret']);

export function isSecretFlag(flagName: string): boolean {
  return SECRET_FLAGS.has(flagName);
}

/** A value as a message may show it: its text, cut short, without what may hold a password in a URL; or only its length. */
export function shapeOf(flagName: string, value: string): string {
  if (SECRET_FLAGS.has(flagName)) return `a text of ${value.length} characters`;
  if (value === '') return 'nothing';
  const shown = withoutQuery(withoutUserinfo(value));
  return shown.length > 80 ? `"${shown.slice(0, 80)}…"` : `"${shown}"`;
}

// A URL may carry a name and a password (RFC 3986, section 3.2.1), and a password may itself hold an `@`: so up to the last one.
function withoutUserinfo(value: string): string {
  return value.replace(/^(.*?:\/\/)?.*@/s, '$1…@');
}

// Some write a password or a token there.
function withoutQuery(value: string): string {
  return value.includes('://') ? value.replace(/\?.*$/s, '?…') : value;
}

/** One sentence, ready for a line of its own. */
export function formatProblem({ key, problem }: ConfigProblem): string {
  return escapeControls(`${key}: ${problem}`);
}

/**
 * Attack this stops: names come from files and arguments others may have written, and a terminal obeys what stands in them (colours,
 * moved cursors, a false line). Formatting characters, which can turn the reading direction around, are written out as well.
 */
export function escapeControls(text: string): string {
  return text.replaceAll(
    /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu,
    (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`,
  );
}
