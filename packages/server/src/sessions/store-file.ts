/** Owns the session store's file before SQLite opens it: makes it for us alone, and touches no file that is not ours. */
import { closeSync, constants, fstatSync, openSync, readSync, type Stats } from 'node:fs';
import { errorCode } from '@lamplighter/proxy';

/** The first bytes of every SQLite database (SQLite file format, section 1.3). */
const SQLITE_MAGIC = 'SQLite format 3\0';

const ROOT = 0;

/**
 * Makes the file with mode 0600, before SQLite would make it with everyone's rights; its side files take their mode from this one. A
 * file that is there already is only looked at: a mistyped path must not change or fill somebody's other file, and whoever could read
 * the store so far may have copied it. A group of ours may have rights: on a volume with `fsGroup` Kubernetes gives every file to that
 * group with mode 0660, whatever mode it had. Throws the end of a sentence that begins with the file.
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
    if (!stat.isFile()) throw new Error('it is no regular file');
    const we = ourselves();
    const wrong = we === null ? null : judgeRights(stat, we);
    if (wrong !== null) throw new Error(wrong);
    const { size } = stat;
    const head = Buffer.alloc(SQLITE_MAGIC.length);
    readSync(file, head, 0, head.length, 0);
    if (size > 0 && head.toString('latin1') !== SQLITE_MAGIC) throw new Error('it is another kind of file');
  } finally {
    closeSync(file);
  }
}

/** Whose processes we are, as the system counts them; null where it knows neither owners nor modes of this kind (Windows). */
function ourselves(): Ourselves | null {
  const { getuid, getegid, getgroups } = process;
  if (getuid === undefined || getegid === undefined || getgroups === undefined) return null;
  return { uid: getuid(), groups: [getegid(), ...getgroups()] };
}

interface Ourselves {
  readonly uid: number;
  /** The effective one among them. */
  readonly groups: readonly number[];
}

/** What is wrong with a store's file: the end of a sentence that begins with it; null when only we can reach what it holds. */
export function judgeRights({ mode, uid, gid }: Pick<Stats, 'mode' | 'uid' | 'gid'>, we: Ourselves): string | null {
  const written = `mode ${(mode & 0o777).toString(8)}`;
  if (uid !== we.uid && uid !== ROOT) return 'it belongs to another user';
  if ((mode & 0o007) !== 0) return `others may read it (${written}); take their rights away with chmod 600`;
  if ((mode & 0o070) !== 0 && !we.groups.includes(gid)) {
    return `a group that is not ours may read it (${written}); take its rights away with chmod 600`;
  }
  return null;
}

function openExisting(path: string): number {
  try {
    return openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (error) {
    throw errorCode(error) === 'ELOOP' ? new Error('it is a symbolic link', { cause: error }) : error;
  }
}
