/** Owns a Valkey or Redis server of a test's or a benchmark's own: nothing is written to a disk, and it ends with whoever started it. */
import { join } from 'node:path';
import { TestbedError } from '../process/errors.ts';
import { freePort } from '../process/ports.ts';
import { startProcess } from '../process/supervised.ts';
import { findRedis } from './find.ts';

export interface StartedRedis extends AsyncDisposable {
  /** For `--session-store`. */
  readonly url: string;
}

/**
 * Does not wait until it answers: whoever uses it connects until it does.
 *
 * @param folder Where its log lies.
 * @throws TestbedError `part-unavailable` when there is none.
 */
export async function startRedis(folder: string): Promise<StartedRedis> {
  const command = await findRedis(process.env);
  if (command === undefined) {
    throw new TestbedError('part-unavailable', 'There is no redis-server or valkey-server: `pnpm test` obtains one.');
  }
  const port = await freePort('127.0.0.1');
  const args = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--dir', folder];
  const server = await startProcess({ name: 'redis', command, args, cwd: folder, logFile: join(folder, 'redis.log') });
  return { url: `redis://127.0.0.1:${port}`, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
}
