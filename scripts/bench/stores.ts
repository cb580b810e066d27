/** Owns the session stores that are measured: memory, a file, and a Redis or Valkey server where there is one. */
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findRedis, startRedis } from '@lamplighter/testbed';

export interface BenchedStores extends AsyncDisposable {
  readonly flags: (folder: string) => Readonly<Record<string, readonly string[]>>;
}

export async function benchedStores(): Promise<BenchedStores> {
  await using stack = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), 'lamplighter-bench-store-'));
  stack.defer(() => rm(folder, { recursive: true, force: true }));
  const keyFile = join(folder, 'session.key');
  await writeFile(keyFile, randomBytes(32).toString('base64'), { mode: 0o600 });
  const redis = (await findRedis(process.env)) === undefined ? undefined : stack.use(await startRedis(folder));
  const kept = stack.move();
  return {
    flags: (own) => ({
      memory: ['--session-store=memory'],
      'SQLite file': [`--session-store=${join(own, 'sessions.sqlite')}`, `--session-key-file=${keyFile}`],
      ...(redis === undefined ? {} : { Redis: [`--session-store=${redis.url}`, `--session-key-file=${keyFile}`] }),
    }),
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}
