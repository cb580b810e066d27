import { expect, test } from 'vitest';
import { REFRESH_LEASE_SECONDS } from '../constants.ts';
import { openRenewalWorld, outcome, renewed, UNREACHABLE } from './refresher.fixture.ts';
import { renewalLock } from './refresher.ts';
import { StoreUnavailable } from './store.ts';

const unavailable = () => ({ kind: 'unavailable', refusal: UNREACHABLE }) as const;
const refusedBy = (error: string) => () =>
  ({ kind: 'refused', refusal: { reason: 'refresh_refused', error } }) as const;

test('a bearer with enough life left is used as it is, and nobody is asked', async () => {
  await using given = await openRenewalWorld();
  const found = await given.signInBefore(61);
  expect(await outcome(given.refresher.freshen(found))).toBe('bearer-1');
  expect(given.provider.asked).toEqual([]);
});

test.each([
  ['ahead of its end', 60],
  ['after its end', 0],
  ['long after its end', -1_200],
])('a bearer is renewed %s, and its session goes on with the new refresh token', async (_, seconds) => {
  await using given = await openRenewalWorld();
  const found = await given.signInBefore(seconds);
  expect(await outcome(given.refresher.freshen(found))).toBe('bearer-2');
  expect(await given.find(found)).toBe('bearer-2');
  const again = await given.world.sessions.findAgain(found);
  expect(again).toMatchObject({
    value: {
      live: {
        record: {
          bearerSince: given.world.clock.now(),
          tokenExpiresAt: given.world.clock.now() + 600,
          expiresAt: found.live.record.expiresAt,
          grant: { refreshToken: 'refresh-2', failures: 0, retryAt: 0 },
        },
      },
    },
  });
  given.world.clock.forward(560);
  if (again.ok) expect(await outcome(given.refresher.freshen(again.value))).toBe('bearer-3');
  expect([given.provider.asked, given.refreshes]).toEqual([
    ['refresh-1', 'refresh-2'],
    [null, null],
  ]);
});

test('renewing does not make a session last beyond its limit [C28]', async () => {
  await using given = await openRenewalWorld();
  const found = await given.signInBefore(0);
  await given.refresher.freshen(found);
  given.world.clock.forward(2_999);
  expect(await given.find(found)).toBe('bearer-2');
  given.world.clock.forward(1);
  expect(await given.find(found)).toBe('session_unknown');
});

test('fifty requests at the edge cause one refresh, and all get the new bearer [C34]', async () => {
  await using given = await openRenewalWorld();
  const found = await given.signInBefore(0);
  const outcomes = await Promise.all(Array.from({ length: 50 }, () => outcome(given.refresher.freshen(found))));
  expect(new Set(outcomes)).toEqual(new Set(['bearer-2']));
  expect(given.provider.asked).toEqual(['refresh-1']);
});

test.each([
  ['ahead of its end', 30],
  ['after its end', 0],
])(
  'fifty requests over two servers %s cause one refresh, also while the provider is slow [C34]',
  async (_, seconds) => {
    await using given = await openRenewalWorld();
    const found = await given.signInBefore(seconds);
    const slow = Promise.withResolvers<void>();
    given.provider.respond = async (grant) => {
      await slow.promise;
      return renewed(2, given.world.clock.now(), grant);
    };
    const servers = [given.refresher, given.replica()] as const;
    const asking = Array.from({ length: 50 }, (__, at) =>
      outcome((at % 2 === 0 ? servers[0] : servers[1]).freshen(found)),
    );
    await expect.poll(() => given.provider.asked.length).toBe(1);
    // Ten seconds by everybody's clock, and long enough by the real one for the other server to look several times.
    given.world.clock.forward(10);
    const others = await Promise.race([
      Promise.all(asking),
      new Promise((resolve) => setTimeout(resolve, 350, 'waiting')),
    ]);
    expect(others).toBe('waiting');
    slow.resolve();
    expect(new Set(await Promise.all(asking))).toEqual(new Set(['bearer-2']));
    expect([given.provider.asked, given.refreshes]).toEqual([['refresh-1'], [null]]);
  },
);

test('requests one after another, each with what it found before the renewal, cause one refresh [C34]', async () => {
  await using given = await openRenewalWorld();
  const found = await given.signInBefore(0);
  for (let at = 0; at < 3; at++) expect(await outcome(given.refresher.freshen(found))).toBe('bearer-2');
  expect(given.provider.asked).toEqual(['refresh-1']);
});

test('a refused refresh ends the session for everyone who waits, with the reason [C35]', async () => {
  await using given = await openRenewalWorld();
  const found = await given.signInBefore(60);
  given.provider.respond = refusedBy('invalid_grant');
  const asking = [given.refresher, given.refresher, given.replica()].map((server) => outcome(server.freshen(found)));
  const [first, second, other] = await Promise.all(asking);
  expect([first, second]).toEqual(['refresh_refused', 'refresh_refused']);
  expect(other).toBe('session_unknown');
  expect(await given.find(found)).toBe('session_unknown');
  expect([given.provider.asked.length, given.refreshes]).toEqual([1, ['refresh_refused']]);
  expect(given.ended).toEqual([
    {
      count: 1,
      person: { issuer: 'https://idp.example', subject: '248289761001', name: 'ada' },
      cluster: 'main',
      reason: 'refresh_refused',
    },
  ]);
});

test('a provider that is away costs nobody a bearer that is good, and is asked once a cool-down [C36]', async () => {
  await using given = await openRenewalWorld();
  given.provider.respond = unavailable;
  const found = await given.signInBefore(60);
  const asked: number[] = [];
  for (let second = 60; second > 0; second--) {
    const again = await given.world.sessions.findAgain(found);
    if (!again.ok) throw new Error('it is live');
    const outcomes = Array.from({ length: 10 }, () => outcome(given.refresher.freshen(again.value)));
    expect(new Set(await Promise.all(outcomes))).toEqual(new Set(['bearer-1']));
    if (given.provider.asked.length > asked.length) asked.push(60 - second);
    given.world.clock.forward(1);
  }
  expect(asked).toEqual([0, 2, 6, 14, 30]);
  expect(given.provider.asked.length).toBe(5);
});

test('a provider that is back after a failed renewal renews, and the pauses begin anew [C36]', async () => {
  await using given = await openRenewalWorld();
  const found = await given.signInBefore(60);
  given.provider.reachable = false;
  expect(await outcome(given.refresher.freshen(found))).toBe('bearer-1');
  given.provider.reachable = true;
  given.world.clock.forward(2);
  const again = await given.world.sessions.findAgain(found);
  if (!again.ok) throw new Error('it is live');
  expect(again.value.live.record.grant).toMatchObject({ failures: 1 });
  expect(await outcome(given.refresher.freshen(again.value))).toBe('bearer-2');
  expect(await given.world.sessions.findAgain(found)).toMatchObject({
    value: { live: { record: { grant: { failures: 0, retryAt: 0 } } } },
  });
  expect(given.refreshes).toEqual(['provider_unreachable', null]);
});

test('a bearer that has ended while the provider is away ends its session, and is sent nowhere [C35, C36]', async () => {
  await using given = await openRenewalWorld();
  given.provider.respond = unavailable;
  const found = await given.signInBefore(0);
  expect(await outcome(given.refresher.freshen(found))).toBe('token_expired');
  expect(await given.find(found)).toBe('session_unknown');
  expect(given.ended).toMatchObject([{ reason: 'token_expired' }]);
});

test('a bearer that ends while the provider is waited for in vain is sent nowhere [C35]', async () => {
  await using given = await openRenewalWorld();
  const found = await given.signInBefore(5);
  given.provider.respond = () => {
    given.world.clock.forward(15);
    return unavailable();
  };
  expect(await outcome(given.refresher.freshen(found))).toBe('token_expired');
});

test('a bearer that ends within the cool-down ends its session without another request [C36]', async () => {
  await using given = await openRenewalWorld();
  given.provider.respond = unavailable;
  const found = await given.signInBefore(1);
  expect(await outcome(given.refresher.freshen(found))).toBe('bearer-1');
  given.world.clock.forward(1);
  const again = await given.world.sessions.findAgain(found);
  if (!again.ok) throw new Error('it is live');
  expect(await outcome(given.refresher.freshen(again.value))).toBe('token_expired');
  expect(given.provider.asked.length).toBe(1);
});

test('without a new ID token the old one is used to its end, and the provider is not asked again [C20]', async () => {
  await using given = await openRenewalWorld();
  const found = await given.signInBefore(60);
  given.provider.respond = (grant) => ({
    kind: 'renewed',
    tokens: {
      bearer: 'bearer-1',
      bearerExpiresAt: found.live.record.tokenExpiresAt,
      grant: { ...grant, refreshToken: 'refresh-2' },
      profile: {},
    },
  });
  expect(await outcome(given.refresher.freshen(found))).toBe('bearer-1');
  given.world.clock.forward(59);
  const again = await given.world.sessions.findAgain(found);
  if (!again.ok) throw new Error('it is live');
  expect(await outcome(given.refresher.freshen(again.value))).toBe('bearer-1');
  expect(given.provider.asked.length).toBe(1);
  given.world.clock.forward(1);
  expect(await given.find(found)).toBe('token_expired');
});

test('no new ID token after the old one has ended ends the session [C20, C35]', async () => {
  await using given = await openRenewalWorld();
  const found = await given.signInBefore(0);
  given.provider.respond = (grant) => ({
    kind: 'renewed',
    tokens: { bearer: 'bearer-1', bearerExpiresAt: found.live.record.tokenExpiresAt, grant, profile: {} },
  });
  expect(await outcome(given.refresher.freshen(found))).toBe('token_expired');
  expect(await given.find(found)).toBe('session_unknown');
});

test('a sign-out during a renewal stays one, and the refresh token just issued is revoked [C29]', async () => {
  await using given = await openRenewalWorld();
  const found = await given.signInBefore(0);
  given.provider.respond = async (grant) => {
    await given.world.sessions.end(found.id);
    return renewed(2, given.world.clock.now(), grant);
  };
  expect(await outcome(given.refresher.freshen(found))).toBe('session_unknown');
  expect(await given.find(found)).toBe('session_unknown');
  expect([given.provider.revoked, given.refreshes]).toEqual([['refresh-2'], []]);
});

test('another server takes over from one that died while it renewed, when its lease is over [C34]', async () => {
  await using given = await openRenewalWorld();
  const found = await given.signInBefore(0);
  await given.world.store.lock(renewalLock(found.id), 'dead', REFRESH_LEASE_SECONDS);
  const asking = outcome(given.refresher.freshen(found));
  given.world.clock.forward(REFRESH_LEASE_SECONDS - 1);
  const soon = await Promise.race([asking, new Promise((resolve) => setTimeout(resolve, 250, 'waiting'))]);
  expect([soon, given.provider.asked]).toEqual(['waiting', []]);
  given.world.clock.forward(1);
  expect(await asking).toBe('bearer-2');
});

test.each([
  ['still good is used meanwhile', 30, 'bearer-1'],
  ['over is not', 0, 'token_expired'],
])('nobody waits for another server for ever: a bearer that is %s', async (_, seconds, expected) => {
  await using given = await openRenewalWorld();
  const found = await given.signInBefore(seconds);
  await given.world.store.lock(renewalLock(found.id), 'slow', REFRESH_LEASE_SECONDS);
  expect(await outcome(given.replica({ waitMaxMs: 150 }).freshen(found))).toBe(expected);
  expect(await given.find(found)).toBe('bearer-1');
});

test('a store that is away for a moment does not lose the new refresh token', async () => {
  await using given = await openRenewalWorld();
  const found = await given.signInBefore(0);
  const { sessions } = given.world;
  let failing = 3;
  const flaky = {
    ...sessions,
    reseal: (...given: Parameters<typeof sessions.reseal>) =>
      failing-- > 0 ? Promise.reject(new StoreUnavailable('away')) : sessions.reseal(...given),
  };
  expect(await outcome(given.replica({ sessions: flaky }).freshen(found))).toBe('bearer-2');
  expect(await given.find(found)).toBe('bearer-2');
});

test('a store that stays away gives nobody the new bearer, and the old one as long as it is good [C35]', async () => {
  await using given = await openRenewalWorld();
  const { sessions } = given.world;
  const away = { ...sessions, reseal: () => Promise.reject(new StoreUnavailable('away')) };
  const found = await given.signInBefore(60);
  expect(await outcome(given.replica({ sessions: away }).freshen(found))).toBe('bearer-1');
  given.world.clock.forward(60);
  await expect(given.replica({ sessions: away }).freshen(found)).rejects.toThrow(StoreUnavailable);
  expect(given.refreshes).toEqual(['store_unavailable', 'store_unavailable']);
});

test('a server that comes too late with a refused token does not end what another one renewed', async () => {
  await using given = await openRenewalWorld();
  const found = await given.signInBefore(0);
  given.provider.respond = async (grant) => {
    given.provider.respond = () => renewed(2, given.world.clock.now(), grant);
    // Stopped for longer than its lease.
    given.world.clock.forward(REFRESH_LEASE_SECONDS);
    expect(await outcome(given.replica().freshen(found))).toBe('bearer-2');
    return refusedBy('invalid_grant')();
  };
  expect(await outcome(given.refresher.freshen(found))).toBe('bearer-2');
  expect(await given.find(found)).toBe('bearer-2');
});

test('a server without a provider uses what it has, to its end', async () => {
  await using given = await openRenewalWorld();
  const found = await given.signInBefore(30);
  const bare = given.replica({ provider: null });
  expect(await outcome(bare.freshen(found))).toBe('bearer-1');
  given.world.clock.forward(30);
  expect(await outcome(bare.freshen(found))).toBe('token_expired');
});

test('a stop waits for a renewal under way, whose answer would be lost', async () => {
  await using given = await openRenewalWorld();
  const found = await given.signInBefore(0);
  const slow = Promise.withResolvers<void>();
  given.provider.respond = async (grant) => {
    await slow.promise;
    return renewed(2, given.world.clock.now(), grant);
  };
  const asking = outcome(given.refresher.freshen(found));
  await expect.poll(() => given.provider.asked.length).toBe(1);
  let closed = false;
  const closing = given.refresher.close().then(() => {
    closed = true;
  });
  expect(await Promise.race([closing, new Promise((resolve) => setTimeout(resolve, 50, 'waiting'))])).toBe('waiting');
  slow.resolve();
  await closing;
  expect([closed, await asking, await given.find(found)]).toEqual([true, 'bearer-2', 'bearer-2']);
});
