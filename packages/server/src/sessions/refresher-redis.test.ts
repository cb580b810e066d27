import { describe, expect, test } from 'vitest';
import { findRedisServer, NO_REDIS_SERVER, startRedisServer } from '../testing/redis-server.ts';
import { openStore } from './open-store.ts';
import { openRenewalWorld, outcome, renewed } from './refresher.fixture.ts';
import { ada, KEY, main, NOW } from './sessions.fixture.ts';
import { createSessions } from './sessions.ts';

const skipped = findRedisServer() === null ? NO_REDIS_SERVER : null;

describe.skipIf(skipped !== null)(
  `replicas that share a Redis${skipped === null ? '' : ` (skipped: ${skipped})`}`,
  () => {
    test('renew a bearer once for all their requests, and see each other’s sign-outs [C29, C33, C34]', async () => {
      await using redis = await startRedisServer();
      await using given = await openRenewalWorld();
      const { clock } = given.world;
      await using closing = new AsyncDisposableStack();
      const replicas = await Promise.all(
        Array.from({ length: 2 }, async () => {
          const config = { kind: 'redis', url: redis.url } as const;
          const store = closing.adopt(
            await openStore(config, { now: clock.now, onTrouble: () => undefined }),
            (opened) => opened.close(),
          );
          const limits = { ttlSeconds: 3_600, idleTtlSeconds: null };
          const sessions = createSessions({ store, limits, keys: [KEY], now: clock.now });
          return { sessions, refresher: given.replica({ store, sessions }) };
        }),
      );
      const [one, two] = replicas;
      if (one === undefined || two === undefined) throw new Error('there are two');
      const { ticket, id } = await one.sessions.begin(ada, []);
      clock.forward(600);
      const slow = Promise.withResolvers<void>();
      given.provider.respond = async (grant) => {
        await slow.promise;
        return renewed(2, NOW + 600, grant);
      };
      const asking = Array.from({ length: 50 }, async (_, at) => {
        const { sessions, refresher } = at % 2 === 0 ? one : two;
        const found = await sessions.find(ticket, main);
        return found.ok ? outcome(refresher.freshen(found.value)) : found.refusal.reason;
      });
      await expect.poll(() => given.provider.asked.length).toBe(1);
      setTimeout(slow.resolve, 300);
      expect(new Set(await Promise.all(asking))).toEqual(new Set(['bearer-2']));
      expect(given.provider.asked).toEqual(['refresh-1']);
      await two.sessions.end(id);
      expect(await one.sessions.find(ticket, main)).toMatchObject({ refusal: { reason: 'session_unknown' } });
    });
  },
);
