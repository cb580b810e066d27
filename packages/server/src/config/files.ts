/** Reads the files a configuration names; every failure is the end of a sentence that begins with the file's name. */
import { readFileSync } from 'node:fs';
import { errorCode } from '@lamplighter/proxy';

export type FileText =
  | { readonly ok: true; readonly value: string }
  | { readonly ok: false; readonly problem: string /** Whether there is no such file. */; readonly missing: boolean };

const PROBLEMS: ReadonlyMap<string, string> = new Map([
  ['ENOENT', 'does not exist'],
  ['EACCES', 'may not be read by this user'],
  ['EISDIR', 'is a folder, not a file'],
  ['ENOTDIR', 'lies below something that is not a folder'],
]);

export function readTextFile(path: string): FileText {
  try {
    return { ok: true, value: readFileSync(path, 'utf8') };
  } catch (error) {
    return { ok: false, problem: describeFileError(error), missing: errorCode(error) === 'ENOENT' };
  }
}

/** The end of a sentence: "… does not exist". */
export function describeFileError(error: unknown): string {
  const code = errorCode(error) ?? 'unknown';
  return PROBLEMS.get(code) ?? `cannot be read (${code})`;
}
