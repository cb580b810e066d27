import { expect, test } from 'vitest';
import { findRedisServer, NO_REDIS_SERVER, type RedisServer, startRedisServer } from '../testing/redis-server.ts';
import { openRedisStore } from './redis-store.ts';
import { describeSessionStore } from './store.contract.ts';
import { type SessionStore, StoreUnavailable } from './store.ts';

const skipped = findRedisServer() === null ? NO_REDIS_SERVER : null;
const NOW = 1_800_000_000;

function ignore(): void {}

function open(redis: RedisServer, onTrouble: (cause: unknown) => void = ignore): Promise<SessionStore> {
  return openRedisStore({ url: redis.url, now: () => NOW, onTrouble });
}

describeSessionStore(
  'in Redis or Valkey',
  async () => {
    const redis = await startRedisServer();
    return {
      open: (now) => openRedisStore({ url: redis.url, now, onTrouble: ignore }),
      [Symbol.asyncDispose]: () => redis[Symbol.asyncDispose](),
    };
  },
  { shared: true, skipped },
);

/** Waits until the store answers again, whatever it answers. */
async function untilBack(store: SessionStore): Promise<void> {
  await expect
    .poll(
      () =>
        store.setIfAbsent('back', 1).then(
          () => true,
          () => false,
        ),
      { timeout: 10_000 },
    )
    .toBe(true);
}

async function refusalTime(call: () => Promise<unknown>): Promise<number> {
  const begun = performance.now();
  await expect(call()).rejects.toThrow(StoreUnavailable);
  return performance.now() - begun;
}

const withServer = test.skipIf(skipped !== null);

withServer(
  'a server that was killed is a store that does not answer, at once, and one that is back is used again',
  async () => {
    await using redis = await startRedisServer();
    const troubles: unknown[] = [];
    const store = await open(redis, (cause) => troubles.push(cause));
    expect(await store.setIfAbsent('a', 60)).toBe(true);
    await redis.kill();
    expect(await refusalTime(() => store.get(new Uint8Array(32)))).toBeLessThan(3_000);
    expect(await refusalTime(() => store.setIfAbsent('a', 60))).toBeLessThan(500);
    await redis.start();
    await untilBack(store);
    // Its scripts are gone with it; they are told again.
    expect(await store.setIfAbsent('a', 60)).toBe(true);
    expect(troubles.length).toBe(1);
    await store.close();
  },
  20_000,
);

withServer(
  'a server that hangs is given up within three seconds, and asked again when it goes on',
  async () => {
    await using redis = await startRedisServer();
    const store = await open(redis);
    await store.setIfAbsent('a', 60);
    redis.hang(true);
    const times = await Promise.all(Array.from({ length: 10 }, () => refusalTime(() => store.setIfAbsent('b', 60))));
    expect(Math.max(...times)).toBeLessThan(3_000);
    expect(await refusalTime(() => store.setIfAbsent('b', 60))).toBeLessThan(500);
    redis.hang(false);
    await untilBack(store);
    await store.close();
  },
  20_000,
);

withServer(
  'a store whose server is away opens all the same, answers when it is there, and closes at once',
  async () => {
    await using redis = await startRedisServer();
    await redis.kill();
    const begun = performance.now();
    const [store, other] = await Promise.all([open(redis), open(redis)]);
    expect(performance.now() - begun).toBeLessThan(3_000);
    await expect(store.get(new Uint8Array(32))).rejects.toThrow(StoreUnavailable);
    const closing = performance.now();
    await other.close();
    expect(performance.now() - closing).toBeLessThan(100);
    await redis.start();
    await untilBack(store);
    await store.close();
  },
  20_000,
);

withServer('closing does not wait for a server that hangs', async () => {
  await using redis = await startRedisServer();
  const store = await open(redis);
  redis.hang(true);
  const asked = expect(store.get(new Uint8Array(32))).rejects.toThrow(StoreUnavailable);
  const begun = performance.now();
  await store.close();
  await asked;
  expect(performance.now() - begun).toBeLessThan(500);
});

withServer('everything it writes goes by itself, soon after its time', async () => {
  await using redis = await startRedisServer();
  const store = await open(redis);
  const bytes = new Uint8Array(32).fill(1);
  const session = {
    key: bytes,
    createdAt: NOW,
    usedAt: NOW,
    expiresAt: NOW + 600,
    person: bytes,
    providerSession: bytes,
  };
  await store.put({ ...session, sealed: bytes });
  await store.setIfAbsent('login x', 600);
  await store.lock('refresh x', 'me', 600);
  const names = (await redis.ask('KEYS', '*')) as readonly string[];
  expect(names.map((name) => name.split(':').slice(0, 2).join(':')).toSorted()).toEqual([
    'lamplighter:lock',
    'lamplighter:person',
    'lamplighter:provider-session',
    'lamplighter:session',
    'lamplighter:sessions',
    'lamplighter:used',
  ]);
  for (const name of names) {
    expect(await redis.ask('TTL', name)).toSatisfy((seconds: number) => seconds > 600 && seconds <= 660);
  }
  await store.close();
});

withServer('a list drops what has expired', async () => {
  await using redis = await startRedisServer();
  let now = NOW;
  const store = await openRedisStore({ url: redis.url, now: () => now, onTrouble: ignore });
  const put = (fill: number) => {
    const bytes = new Uint8Array(32).fill(fill);
    return store.put({
      key: bytes,
      createdAt: now,
      usedAt: now,
      expiresAt: now + 60,
      person: new Uint8Array(32),
      providerSession: null,
      sealed: bytes,
    });
  };
  await put(1);
  now += 61;
  await put(2);
  expect(await redis.ask('ZCARD', 'lamplighter:sessions')).toBe(1);
  await store.close();
});
