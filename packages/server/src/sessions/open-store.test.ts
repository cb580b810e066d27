import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { StartupError } from '../startup-error.ts';
import { findRedisServer, NO_REDIS_SERVER, startRedisServer } from '../testing/redis-server.ts';
import { openStore } from './open-store.ts';

const options = { now: () => 1_800_000_000, onTrouble: () => undefined };
const skipped = findRedisServer() === null ? ` (skipped: ${NO_REDIS_SERVER})` : '';

test('memory and a file are opened as the configuration says', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'lamplighter-open-'));
  for (const config of [{ kind: 'memory' }, { kind: 'file', path: join(folder, 'sessions.db') }] as const) {
    const store = await openStore(config, options);
    expect(await store.setIfAbsent('a', 60)).toBe(true);
    await store.close();
  }
  rmSync(folder, { recursive: true });
});

test('a file that cannot be opened is told with its name and the way out', async () => {
  const opening = openStore({ kind: 'file', path: '/nowhere/sessions.db' }, options);
  await expect(opening).rejects.toThrow(StartupError);
  await expect(opening).rejects.toThrow(
    /^the session store \/nowhere\/sessions\.db cannot be opened: .*--session-store/,
  );
});

test.skipIf(skipped !== '')(`a Redis server is used with the password of its URL${skipped}`, async () => {
  await using redis = await startRedisServer('s3cret');
  const store = await openStore({ kind: 'redis', url: redis.url }, options);
  expect(await store.setIfAbsent('a', 60)).toBe(true);
  await store.close();
});

/** Everything an error says, also through its causes. */
function told(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const own = Object.getOwnPropertyNames(error).map((name) => String(Reflect.get(error, name)));
  return [...own, told(error.cause ?? '')].join('\n');
}

test.skipIf(skipped !== '')(
  `a wrong password is a store that does not answer, and is told nobody${skipped}`,
  async () => {
    await using redis = await startRedisServer('s3cret');
    const troubles: unknown[] = [];
    const url = redis.url.replace('s3cret', 'wr0ng-s3cret');
    const store = await openStore({ kind: 'redis', url }, { ...options, onTrouble: (cause) => troubles.push(cause) });
    const refused = await store.setIfAbsent('a', 60).catch((error: unknown) => error);
    expect(troubles.length).toBe(1);
    for (const error of [...troubles, refused]) expect(told(error)).not.toContain('s3cret');
    await store.close();
  },
);

test('a server that takes connections and says nothing is no reason not to start', async () => {
  const silent = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => silent.once('listening', resolve));
  const address = silent.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const begun = performance.now();
  const store = await openStore({ kind: 'redis', url: `redis://:s3cret@127.0.0.1:${port}` }, options);
  expect(performance.now() - begun).toBeLessThan(3_000);
  await expect(store.setIfAbsent('a', 60)).rejects.toThrow('the session store does not answer');
  await store.close();
  silent.close();
});

test.each(['http://:s3cret@host', 'redis://:s3cret@host:no-port', 'redis://:s3cret@host/x'])(
  'a URL the client cannot read is told without what it holds: %s',
  async (url) => {
    const error = await openStore({ kind: 'redis', url }, options).catch((refused: unknown) => refused);
    expect(error).toBeInstanceOf(StartupError);
    expect(told(error)).not.toContain('s3cret');
  },
);
