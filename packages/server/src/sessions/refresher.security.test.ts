import { expect, test } from 'vitest';
import { openRenewalWorld, outcome } from './refresher.fixture.ts';

test.each(['iss', 'sub', 'aud', 'azp', 'nonce'] as const)(
  'a renewed ID token with another %s ends the session, and none of its tokens is used [C20]',
  async (check) => {
    await using given = await openRenewalWorld();
    const found = await given.signInBefore(60);
    given.provider.respond = () => ({ kind: 'refused', refusal: { reason: 'refresh_mismatch', check } });
    expect(await outcome(given.refresher.freshen(found))).toBe('refresh_mismatch');
    expect(await given.find(found)).toBe('session_unknown');
    expect(given.ended).toMatchObject([{ count: 1, reason: 'refresh_mismatch' }]);
    // Nothing more is asked of a provider that answered so.
    expect([given.provider.asked.length, given.provider.revoked]).toEqual([1, []]);
  },
);

test('a thief’s refused refresh in one session ends no other session of that person [C29]', async () => {
  await using given = await openRenewalWorld();
  const elsewhere = await given.world.begin();
  const found = await given.signInBefore(60);
  given.provider.respond = () => ({ kind: 'refused', refusal: { reason: 'refresh_refused', error: 'invalid_grant' } });
  await given.refresher.freshen(found);
  expect(await given.find(elsewhere.found)).toBe('bearer-1');
});

test('a bearer that has ended is never handed out, whatever goes wrong [C35]', async () => {
  await using given = await openRenewalWorld();
  const found = await given.signInBefore(0);
  given.provider.respond = () => {
    throw new Error('a fault of ours');
  };
  await expect(given.refresher.freshen(found)).rejects.toThrow('a fault of ours');
  given.provider.reachable = false;
  expect(await outcome(given.refresher.freshen(found))).toBe('token_expired');
  await given.world.store.close();
  await expect(given.refresher.freshen(found)).rejects.toThrow('the session store does not answer');
});

test('after a renewal that failed by a fault of ours, the next request tries again at once', async () => {
  await using given = await openRenewalWorld();
  const found = await given.signInBefore(0);
  const { respond } = given.provider;
  given.provider.respond = () => {
    throw new Error('a fault of ours');
  };
  await expect(given.refresher.freshen(found)).rejects.toThrow('a fault of ours');
  given.provider.respond = respond;
  // Its lock is free and its flight forgotten.
  expect(await outcome(given.refresher.freshen(found))).toBe('bearer-3');
});

test('one person’s slow renewal holds up nobody else’s', async () => {
  await using given = await openRenewalWorld();
  const { found: slow } = await given.world.begin();
  const quick = await given.signInBefore(60);
  const { respond } = given.provider;
  const never = Promise.withResolvers<never>();
  given.provider.respond = () => never.promise;
  void given.refresher.freshen(slow);
  await expect.poll(() => given.provider.asked.length).toBe(1);
  given.provider.respond = respond;
  expect(await outcome(given.refresher.freshen(quick))).toBe('bearer-3');
});
