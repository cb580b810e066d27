import { expect, test } from 'vitest';
import {
  callbackPath,
  sessionCookie,
  signInWithProvider,
  signInWithToken,
  startTestServer,
  type TestServer,
} from './testing/start.ts';
import type { Visitor } from './testing/visitor.ts';

const MADE_UP = '1.AAAAAAAAAAAAAAAAAAAAAA.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA';

/** The cookie that only names the session. */
function markCookie(visitor: Visitor): readonly [name: string, value: string] {
  const [, ticket] = sessionCookie(visitor);
  const id = ticket.split('.')[1] ?? '-';
  return [...visitor.jar].find(([, value]) => value === id) ?? ['', ''];
}

/** Whoever has read this visitor's cookies. */
function thiefOf(world: TestServer, visitor: Visitor): Visitor {
  const thief = world.visitor();
  for (const [name, value] of visitor.jar) thief.jar.set(name, value);
  return thief;
}

test('a planted ticket is never adopted, neither by a token nor by the provider [C27]', async () => {
  await using world = await startTestServer();
  const attacker = world.visitor();
  await signInWithToken(world, attacker);
  const [name, planted] = sessionCookie(attacker);

  const victim = world.visitor();
  victim.jar.set(name, planted);
  await signInWithProvider(world, victim);
  expect(sessionCookie(victim)[1]).not.toBe(planted);
  expect((await attacker.get('/clusters/main/me')).status).toBe(401);

  const second = world.visitor();
  second.jar.set(name, MADE_UP);
  await signInWithToken(world, second);
  expect(sessionCookie(second)[1]).not.toContain('AAAAAAAAAAAAAAAA');
});

test('the session mark opens nothing, under no name and in no form [C27]', async () => {
  await using world = await startTestServer();
  const ada = world.visitor();
  await signInWithToken(world, ada);
  const [name, ticket] = sessionCookie(ada);
  const [markName, id] = markCookie(ada);
  expect(markName).not.toBe('');
  expect(ticket).toContain(id);
  for (const value of [id, `1.${id}.`, `1.${id}.${'A'.repeat(43)}`]) {
    const thief = world.visitor();
    thief.jar.set(markName, id);
    thief.jar.set(name, value);
    expect((await thief.get('/clusters/main/me')).status).toBe(401);
  }
  expect((await ada.get('/clusters/main/me')).status).toBe(200);
});

test('a planted mark ends nobody’s session but the one its planter could name, and is adopted by none [C27]', async () => {
  await using world = await startTestServer();
  const [attacker, victim, bystander] = [world.visitor(), world.visitor(), world.visitor()];
  await signInWithToken(world, attacker);
  await signInWithToken(world, bystander);
  const [name, id] = markCookie(attacker);
  victim.jar.set(name, id);
  await signInWithProvider(world, victim);
  expect(markCookie(victim)[1]).not.toBe(id);
  expect((await attacker.get('/clusters/main/me')).status).toBe(401);
  expect((await victim.get('/clusters/main/me')).status).toBe(200);
  expect((await bystander.get('/clusters/main/me')).status).toBe(200);
});

test.each([
  ['empty', ''],
  ['short', 'x'],
  ['a path', '../..'],
  ['very long', 'A'.repeat(4_000)],
  ['half a ticket', '1.AAAAAAAAAAAAAAAAAAAAAA'],
  ['an id of nobody', 'AAAAAAAAAAAAAAAAAAAAAA'],
])('a mark that is %s stops no sign-in [C27]', async (_, planted) => {
  await using world = await startTestServer();
  const ada = world.visitor();
  await signInWithToken(world, ada);
  ada.jar.set(markCookie(ada)[0], planted);
  expect((await signInWithProvider(world, ada)).status).toBe(303);
  expect((await ada.get('/clusters/main/me')).status).toBe(200);
});

test('a new sign-in ends the session it replaces, and no other [C27]', async () => {
  await using world = await startTestServer();
  const [visitor, bystander] = [world.visitor(), world.visitor()];
  await signInWithToken(world, visitor);
  await signInWithToken(world, bystander);
  const old = thiefOf(world, visitor);
  await signInWithProvider(world, visitor);
  expect((await old.get('/clusters/main/me')).status).toBe(401);
  expect((await bystander.get('/clusters/main/me')).status).toBe(200);
});

test('a session begun in another tab while the login was under way ends too, although its Strict cookie is not there to see [C27]', async () => {
  await using world = await startTestServer();
  const ada = world.visitor();
  const start = await ada.get('/oidc?cluster=main');
  await signInWithToken(world, ada);
  const between = thiefOf(world, ada);
  expect((await between.get('/clusters/main/me')).status).toBe(200);
  const landed = await ada.arrive(callbackPath(world, start.headers.location ?? ''));
  expect(landed.status).toBe(303);
  expect((await between.get('/clusters/main/me')).status).toBe(401);
  expect((await ada.get('/clusters/main/me')).status).toBe(200);
});

test('two logins of two tabs both succeed, and one session is left [C13, C27]', async () => {
  await using world = await startTestServer();
  const ada = world.visitor();
  const [first, second] = [await ada.get('/oidc?cluster=main'), await ada.get('/oidc?cluster=main')];
  expect((await ada.arrive(callbackPath(world, second.headers.location ?? ''))).status).toBe(303);
  const earlier = thiefOf(world, ada);
  expect((await ada.arrive(callbackPath(world, first.headers.location ?? ''))).status).toBe(303);
  expect((await earlier.get('/clusters/main/me')).status).toBe(401);
  expect((await ada.get('/clusters/main/me')).status).toBe(200);
});

test('every cookie of a sign-in is one no script reads and no larger than browsers keep [C24, C25, C26]', async () => {
  await using world = await startTestServer({ oidc: { callbackUrl: 'https://127.0.0.1/oidc-callback' } });
  const ada = world.visitor();
  const start = await ada.get('/oidc?cluster=main');
  const landed = await ada.arrive(callbackPath(world, start.headers.location ?? ''));
  const cookies = [...start.cookies, ...landed.cookies];
  expect(cookies.length).toBe(4);
  for (const cookie of cookies) {
    expect(cookie).toMatch(
      /^__Host-lamplighter-[^=]+=[\w.-]*; Path=\/; Max-Age=\d+; HttpOnly; SameSite=(Strict|Lax); Secure$/,
    );
    expect(cookie.length).toBeLessThanOrEqual(4_096);
    expect(cookie).not.toContain('eyJ');
  }
  expect(landed.cookies.filter((cookie) => cookie.includes('SameSite=Strict')).length).toBe(1);
});

test('one cluster’s ticket under another cluster’s cookie name opens nothing [C27]', async () => {
  await using world = await startTestServer();
  const visitor = world.visitor();
  await signInWithToken(world, visitor);
  const [, ticket] = sessionCookie(visitor);
  await signInWithToken(world, visitor, 't0ken', 'other');
  for (const name of visitor.jar.keys()) visitor.jar.set(name, ticket);
  const statuses = await Promise.all(
    ['main', 'other'].map(async (c) => (await visitor.get(`/clusters/${c}/me`)).status),
  );
  expect(statuses).toEqual([200, 401]);
});

test('two cookies of one name are an attempt to plant one: neither counts [C27]', async () => {
  await using world = await startTestServer();
  const visitor = world.visitor();
  await signInWithToken(world, visitor);
  const [name, value] = sessionCookie(visitor);
  expect((await visitor.get('/clusters/main/me', { cookie: `${name}=${value}; ${name}=${value}` })).status).toBe(401);
});
