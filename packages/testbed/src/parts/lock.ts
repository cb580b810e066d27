/** Owns the guard against two builders at once: a lock the kernel gives back when its holder dies, however it dies. */
import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { waitFor } from '../process/wait.ts';

/** SQLite's "somebody else holds it" (https://www.sqlite.org/rescode.html#busy). */
const SQLITE_BUSY = 5;
/** Building the largest part takes minutes on a slow machine; whoever waits longer than this is told so. */
const LOCK_TIMEOUT_MS = 45 * 60_000;

function isBusy(thrown: unknown): boolean {
  return thrown instanceof Error && 'errcode' in thrown && thrown.errcode === SQLITE_BUSY;
}

/**
 * Runs `work` while holding the lock named by `file`. The file itself means nothing and stays: SQLite's own file locks are
 * the lock, so a kill -9 leaves none behind, which no pid file can promise.
 *
 * @param onWait Called once when somebody else holds it.
 */
export async function withLock<T>(
  file: string,
  onWait: () => void,
  work: () => Promise<T>,
  signal?: AbortSignal,
): Promise<T> {
  await mkdir(dirname(file), { recursive: true });
  const database = new DatabaseSync(file);
  let told = false;
  try {
    await waitFor({
      for: `another process to finish with ${dirname(file)}`,
      timeoutMs: LOCK_TIMEOUT_MS,
      signal,
      probe: async () => {
        try {
          database.exec('BEGIN EXCLUSIVE');
          return true;
        } catch (thrown) {
          if (!isBusy(thrown)) throw thrown;
          if (!told) onWait();
          told = true;
          return 'it is still at work';
        }
      },
    });
    return await work();
  } finally {
    database.close();
  }
}
