/** Owns the session store's file before SQLite opens it: makes it for us alone, and touches no file that is not ours. */
import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { errorCode } from '@lamplighter/proxy';

/** The first bytes of every SQLite database (SQLite file format, section 1.3). */
const SQLITE_MAGIC = 'SQLite format 3\0';

/**
 * Makes the file with mode 0600, before SQLite would make it with everyone's rights; its side files take their mode from this one. A
 * file that is there already is only looked at: a mistyped path must not change or fill somebody's other file, and whoever could read
 * the store so far may have copied it. Throws the end of a sentence that begins with the file.
 */
export function prepareStoreFile(path: string): void {
  try {
    closeSync(openSync(path, 'wx', 0o600));
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') throw error;
    judgeExisting(path);
  }
}

function judgeExisting(path: string): void {
  // Not through a symbolic link, which somebody else may have laid; not waiting for a pipe's other end.
  const file = openExisting(path);
  try {
    const stat = fstatSync(file);
    const { mode, size, uid } = stat;
    if (!stat.isFile()) throw new Error('it is no regular file');
    if (process.getuid !== undefined && uid !== process.getuid()) throw new Error('it belongs to another user');
    if ((mode & 0o077) !== 0) {
      throw new Error(`others may read it (mode ${(mode & 0o777).toString(8)}); take their rights away with chmod 600`);
    }
    const head = Buffer.alloc(SQLITE_MAGIC.length);
    readSync(file, head, 0, head.length, 0);
    if (size > 0 && head.toString('latin1') !== SQLITE_MAGIC) throw new Error('it is another kind of file');
  } finally {
    closeSync(file);
  }
}

function openExisting(path: string): number {
  try {
    return openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (error) {
    throw errorCode(error) === 'ELOOP' ? new Error('it is a symbolic link', { cause: error }) : error;
  }
}
