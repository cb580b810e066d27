import { randomBytes } from 'node:crypto';
import { formatTicket, makeTicket, parseTicket } from '@lamplighter/auth-core';
import { expect, test } from 'vitest';
import { createPersonHashes, personOf } from './person-hash.ts';
import { storeKey } from './sealed-record.ts';
import { ada, KEY, main, OLDER_KEY, openWorld, other, robot } from './sessions.fixture.ts';

const unknown = { ok: false, refusal: { reason: 'session_unknown' } };
const hashes = createPersonHashes([KEY]);
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

test('a ticket made up by somebody finds nothing and becomes nothing [C27]', async () => {
  await using world = await openWorld();
  const planted = formatTicket(makeTicket(randomBytes(48)));
  expect(await world.sessions.find(planted, main)).toEqual(unknown);
  const { ticket } = await world.begin();
  expect(ticket).not.toBe(planted);
  expect(await world.sessions.find(planted, main)).toEqual(unknown);
});

test('the id of a live session with another key opens nothing, and does not end it', async () => {
  await using world = await openWorld();
  const { ticket, id } = await world.begin();
  const forged = formatTicket({ id, key: randomBytes(32) });
  expect(await world.sessions.find(forged, main)).toEqual(unknown);
  expect(await world.sessions.find(ticket, main)).toMatchObject({ ok: true });
});

test('a session another replica ended is over for the next request, however lately it was opened here', async () => {
  await using world = await openWorld();
  const { ticket, id } = await world.begin();
  expect(await world.sessions.find(ticket, main)).toMatchObject({ ok: true });
  expect(await world.replica().end(id)).toBe(true);
  expect(await world.sessions.find(ticket, main)).toEqual(unknown);
});

test('a bearer another replica renewed is the next request’s, however lately the old one was opened here', async () => {
  await using world = await openWorld();
  const { ticket, found } = await world.begin();
  await world.replica().reseal(found, { ...found.live.record, bearer: 'bearer-2' });
  expect(await world.sessions.find(ticket, main)).toMatchObject({
    value: { live: { record: { bearer: 'bearer-2' } } },
  });
});

test('a ticket for one cluster gets nobody into another', async () => {
  await using world = await openWorld();
  const { ticket } = await world.begin();
  expect(await world.sessions.find(ticket, other)).toEqual(unknown);
  expect(await world.sessions.find(ticket, main)).toMatchObject({ ok: true });
});

test('a row swapped for another inside the store opens with neither ticket', async () => {
  await using world = await openWorld();
  const [ours, theirs] = [await world.begin(), await world.begin(robot)];
  const stored = await world.stored(theirs.id);
  await world.store.put({ ...stored, key: storeKey(ours.id) });
  expect(await world.sessions.find(ours.ticket, main)).toEqual(unknown);
});

test('a later activity written into the store does not make a session outlive its absolute limit [C28]', async () => {
  await using world = await openWorld({ ttlSeconds: 100 });
  const { ticket, id } = await world.begin(robot);
  const stored = await world.stored(id);
  await world.store.put({ ...stored, expiresAt: stored.expiresAt + 1_000, usedAt: stored.usedAt + 1_000 });
  world.clock.forward(100);
  expect(await world.sessions.find(ticket, main)).toMatchObject({ refusal: { reason: 'session_expired' } });
});

test('a record of an earlier version is nobody’s session', async () => {
  await using world = await openWorld();
  const { ticket, found } = await world.begin();
  await world.sessions.reseal(found, { ...found.live.record, ...JSON.parse('{"version":1}') });
  expect(await world.sessions.find(ticket, main)).toEqual(unknown);
});

test('the handle of somebody else’s session ends nothing [C30]', async () => {
  await using world = await openWorld();
  const [mine, theirs] = [await world.begin(), await world.begin(robot)];
  const [{ handle } = { handle: '' }] = await world.sessions.listOwn(theirs.found);
  expect(await world.sessions.endOwn(mine.found, handle)).toBe(false);
  for (const wrong of ['', '*', `${handle}=`, mine.id, '../..']) {
    expect(await world.sessions.endOwn(mine.found, wrong)).toBe(false);
  }
  expect(await world.sessions.find(theirs.ticket, main)).toMatchObject({ ok: true });
});

test('a handle is worth nothing as a ticket, and gives away no id', async () => {
  await using world = await openWorld();
  const { found, id } = await world.begin();
  const [{ handle } = { handle: '' }] = await world.sessions.listOwn(found);
  expect(handle).not.toContain(id);
  for (const text of [handle, `1.${handle}`, `1.${id}.${handle}`]) {
    expect(await world.sessions.find(text, main)).toEqual(unknown);
  }
  expect(parseTicket(handle)).toBeUndefined();
});

test.each([
  ['an issuer that runs on into the subject', ['https://a', 'b1'], ['https://ab', '1']],
  ['separators inside the names', ['https://a","b', 'c'], ['https://a', 'b","c']],
  ['an empty subject', ['https://a', ''], ['', 'https://a']],
])('two people never share a hash: %s', (_, [issuer = '', subject = ''], [issuer2 = '', subject2 = '']) => {
  const [one] = hashes.person({ kind: 'oidc', issuer, subject });
  const [two] = hashes.person({ kind: 'oidc', issuer: issuer2, subject: subject2 });
  expect(hex(one)).not.toBe(hex(two));
});

test('a cluster that takes a token for somebody is no provider that vouches for them', () => {
  const [oidc] = hashes.person({ kind: 'oidc', issuer: 'main', subject: 'ada' });
  const [token] = hashes.person({ kind: 'token', cluster: 'main', username: 'ada' });
  const [sid] = hashes.providerSession('main', 'ada');
  expect(new Set([oidc, token, sid].map(hex)).size).toBe(3);
});

test('who signed in cannot be tried out on a stolen store without the key', async () => {
  await using world = await openWorld();
  await world.begin();
  const [entry] = await world.store.list({ by: 'everyone' });
  const who = personOf(ada);
  expect(hex(entry?.person ?? new Uint8Array())).toBe(hex(hashes.person(who)[0]));
  expect(hex(createPersonHashes([OLDER_KEY]).person(who)[0])).not.toBe(hex(hashes.person(who)[0]));
});
