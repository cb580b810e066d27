/** Owns the session stores that are measured: memory, a file, and a Redis or Valkey server where there is one. */
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findRedis, freePort, tiedToOurLife } from '@lamplighter/testbed';

export interface BenchedStores extends AsyncDisposable {
  readonly flags: (folder: string) => Readonly<Record<string, readonly string[]>>;
}

export async function benchedStores(signal: AbortSignal): Promise<BenchedStores> {
  await using stack = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), 'lamplighter-bench-store-'));
  stack.defer(() => rm(folder, { recursive: true, force: true }));
  const keyFile = join(folder, 'session.key');
  await writeFile(keyFile, randomBytes(32).toString('base64'), { mode: 0o600 });
  const redis = await findRedis(process.env);
  const port = await freePort('127.0.0.1');
  if (redis !== undefined) {
    const args = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--dir', folder];
    const [command, rest] = tiedToOurLife(redis, args);
    const server = spawn(command, rest, { stdio: 'ignore', signal });
    // Aborted with the run; that is no news here.
    server.on('error', () => undefined);
    const ended = new Promise((resolve) => server.once('exit', resolve));
    stack.defer(async () => {
      server.kill('SIGTERM');
      await ended;
    });
  }
  const kept = stack.move();
  return {
    flags: (own) => ({
      memory: ['--session-store=memory'],
      'SQLite file': [`--session-store=${join(own, 'sessions.sqlite')}`, `--session-key-file=${keyFile}`],
      ...(redis === undefined
        ? {}
        : { Redis: [`--session-store=redis://127.0.0.1:${port}`, `--session-key-file=${keyFile}`] }),
    }),
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}
