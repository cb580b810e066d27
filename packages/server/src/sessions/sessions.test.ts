import { expect, test } from 'vitest';
import { ada, KEY, main, NOW, OLDER_KEY, openWorld, other, robot } from './sessions.fixture.ts';

const reason = (name: string) => ({ ok: false, refusal: expect.objectContaining({ reason: name }) });

test('a session is found by its ticket, as it was begun, until it ends', async () => {
  await using world = await openWorld();
  const { ticket, id, found } = await world.begin();
  expect(found.live).toEqual({
    record: { version: 2, ...ada, bearerSince: NOW, createdAt: NOW, expiresAt: NOW + 3_600, idleTtlSeconds: null },
    usedAt: NOW,
    idleExpiresAt: null,
  });
  expect(await world.sessions.end(id)).toBe(true);
  expect(await world.sessions.end(id)).toBe(false);
  expect(await world.sessions.find(ticket, main)).toEqual(reason('session_unknown'));
});

test('a new sign-in ends the sessions it replaces, and no other [C27]', async () => {
  await using world = await openWorld();
  const [first, second] = [await world.begin(), await world.begin()];
  const third = await world.sessions.begin(ada, [first.id]);
  expect(new Set([first.id, second.id, third.id]).size).toBe(3);
  expect(await world.sessions.find(first.ticket, main)).toEqual(reason('session_unknown'));
  expect(await world.sessions.find(second.ticket, main)).toMatchObject({ ok: true });
  expect(await world.sessions.find(third.ticket, main)).toMatchObject({ ok: true });
});

test('a session ends when its life is over, however much it is used [C28]', async () => {
  await using world = await openWorld({ ttlSeconds: 100, idleTtlSeconds: 40 });
  const { ticket } = await world.begin(robot);
  for (let at = 0; at < 9; at++) {
    world.clock.forward(11);
    const found = await world.sessions.find(ticket, main);
    if (!found.ok) throw new Error('it is used');
    await world.sessions.touch(found.value);
  }
  world.clock.forward(1);
  expect(await world.sessions.find(ticket, main)).toEqual(reason('session_unknown'));
});

test('a session ends when it has not been used for its idle time, and is deleted as it is found [C28]', async () => {
  await using world = await openWorld({ idleTtlSeconds: 120 });
  const { ticket, found } = await world.begin(robot);
  world.clock.forward(60);
  await world.sessions.touch(found);
  world.clock.forward(119);
  // Looking is no activity.
  expect(await world.sessions.find(ticket, main)).toMatchObject({ value: { live: { idleExpiresAt: NOW + 180 } } });
  world.clock.forward(1);
  expect(await world.sessions.find(ticket, main)).toEqual({
    ok: false,
    refusal: { reason: 'session_idle', expiredAt: NOW + 180 },
  });
  expect(await world.sessions.find(ticket, main)).toEqual(reason('session_unknown'));
});

test.each([
  ['no idle limit', null, 60],
  ['an idle limit of hours', 7_200, 60],
  ['an idle limit of a minute', 60, 15],
  ['an idle limit of two seconds', 2, 1],
])('with %s, activity is written at most once an interval', async (_, idleTtlSeconds, interval) => {
  await using world = await openWorld({ idleTtlSeconds });
  const { ticket, id } = await world.begin(robot);
  const written: number[] = [];
  const { store } = world;
  for (let second = 1; second <= 2 * interval; second++) {
    world.clock.forward(1);
    const found = await world.sessions.find(ticket, main);
    if (!found.ok) throw new Error('it is used');
    await Promise.all([world.sessions.touch(found.value), world.sessions.touch(found.value)]);
    const [entry] = await store.list({ by: 'everyone' });
    if (entry !== undefined && written.at(-1) !== entry.usedAt) written.push(entry.usedAt);
  }
  const [first = 0, ...later] = written.filter((usedAt) => usedAt > NOW);
  expect([first, ...later]).toEqual([NOW + interval, NOW + 2 * interval]);
  expect(id).toBeDefined();
});

test('a store that does not answer fails no request by not writing its activity', async () => {
  await using world = await openWorld();
  const { found } = await world.begin();
  await world.store.close();
  world.clock.forward(120);
  await expect(world.sessions.touch(found)).resolves.toBeUndefined();
  await expect(world.sessions.findAgain(found)).rejects.toThrow('the session store does not answer');
});

test('a session whose bearer can be renewed outlives it; one whose bearer cannot does not', async () => {
  await using world = await openWorld();
  const renewable = await world.begin();
  const plain = await world.begin({ ...ada, grant: null });
  world.clock.forward(600);
  expect(await world.sessions.find(renewable.ticket, main)).toMatchObject({ ok: true });
  expect(await world.sessions.find(plain.ticket, main)).toEqual({
    ok: false,
    refusal: { reason: 'token_expired', expiredAt: NOW + 600 },
  });
});

test('another record takes the place of the first, under the same ticket and limits', async () => {
  await using world = await openWorld();
  const { ticket, found } = await world.begin();
  const { record } = found.live;
  const resealed = await world.sessions.reseal(found, { ...record, bearer: 'bearer-2' });
  expect(resealed?.live.record.bearer).toBe('bearer-2');
  expect(await world.sessions.find(ticket, main)).toMatchObject({
    value: { live: { record: { bearer: 'bearer-2', expiresAt: NOW + 3_600 } } },
  });
  await world.sessions.end(found.id);
  expect(await world.sessions.reseal(found, record)).toBeUndefined();
});

test('people see their own sessions in every cluster and browser, and which of them asks [C30]', async () => {
  await using world = await openWorld();
  const first = await world.begin();
  world.clock.forward(10);
  await world.begin({ ...ada, cluster: other });
  await world.begin({ ...ada, identity: { issuer: ada.identity?.issuer ?? fail(), subject: 'somebody else' } });
  await world.begin(robot);
  const own = await world.sessions.listOwn(first.found);
  expect(own.map(({ createdAt, current }) => [createdAt, current])).toEqual([
    [NOW + 10, false],
    [NOW, true],
  ]);
  expect(new Set(own.map(({ handle }) => handle)).size).toBe(2);
});

test('people end one of their own sessions, or all but the one they use [C30]', async () => {
  await using world = await openWorld();
  const mine = await world.begin();
  const [phone, tablet] = [await world.begin(), await world.begin()];
  const theirs = await world.begin(robot);
  const own = await world.sessions.listOwn(phone.found);
  const handle = own.find(({ current }) => current)?.handle ?? '';
  expect(await world.sessions.endOwn(mine.found, handle)).toBe(true);
  expect(await world.sessions.endOwn(mine.found, handle)).toBe(false);
  expect(await world.sessions.find(phone.ticket, main)).toEqual(reason('session_unknown'));
  expect(await world.sessions.endOthers(mine.found)).toBe(1);
  expect(await world.sessions.find(tablet.ticket, main)).toEqual(reason('session_unknown'));
  expect(await world.sessions.find(mine.ticket, main)).toMatchObject({ ok: true });
  expect(await world.sessions.find(theirs.ticket, main)).toMatchObject({ ok: true });
});

test('an operator ends one person’s sessions, or everybody’s [C30]', async () => {
  await using world = await openWorld();
  await world.begin();
  await world.begin({ ...ada, cluster: other });
  await world.begin(robot);
  const who = { kind: 'oidc', issuer: 'https://idp.example', subject: '248289761001' } as const;
  expect((await world.sessions.listPerson(who)).length).toBe(2);
  expect(await world.sessions.endPerson({ ...who, subject: '1' })).toBe(0);
  expect(await world.sessions.endPerson(who)).toBe(2);
  expect((await world.sessions.listAll()).length).toBe(1);
  const username = 'system:serviceaccount:default:robot';
  expect(await world.sessions.endPerson({ kind: 'token', cluster: 'other', username })).toBe(0);
  expect(await world.sessions.endPerson({ kind: 'token', cluster: 'main', username })).toBe(1);
  await world.begin(robot);
  expect(await world.sessions.endAll()).toBe(1);
});

test('a provider ends what belongs to one of its own sessions [C32]', async () => {
  await using world = await openWorld();
  const { identity, grant } = ada;
  if (identity === null || grant === null) throw new Error('Ada signed in with a provider');
  const first = await world.begin();
  await world.begin({ ...ada, grant: { ...grant, providerSession: 'sid-2' } });
  await world.begin({ ...ada, grant: { ...grant, providerSession: null } });
  expect(await world.sessions.endProviderSession(identity.issuer, 'sid-3')).toBe(0);
  expect(await world.sessions.endProviderSession(identity.issuer, 'sid-1')).toBe(1);
  expect(await world.sessions.find(first.ticket, main)).toEqual(reason('session_unknown'));
  expect((await world.sessions.listAll()).length).toBe(2);
});

test('replicas with one key file find each other’s sessions, also while its key is being replaced [C33]', async () => {
  await using world = await openWorld();
  const { ticket, found } = await world.begin();
  const rotated = world.replica([OLDER_KEY, KEY]);
  expect(await rotated.find(ticket, main)).toMatchObject({ ok: true });
  await rotated.begin(ada, []);
  expect((await rotated.listOwn(found)).length).toBe(2);
  expect(await rotated.endPerson({ kind: 'oidc', issuer: 'https://idp.example', subject: '248289761001' })).toBe(2);
});

test('without a key file, sessions of before a restart are found by their ticket, and list themselves [C33]', async () => {
  await using world = await openWorld();
  const { ticket, found } = await world.begin();
  const restarted = world.replica([OLDER_KEY]);
  expect(await restarted.find(ticket, main)).toMatchObject({ ok: true });
  expect((await restarted.listOwn(found)).map(({ current }) => current)).toEqual([true]);
});

function fail(): never {
  throw new Error('Ada signed in with a provider');
}
