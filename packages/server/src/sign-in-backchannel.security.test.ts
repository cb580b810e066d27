import { expect, test } from 'vitest';
import { linesOf, signInWithProvider, signInWithToken, startTestServer, type TestServer } from './testing/start.ts';
import type { Answer, Sent, Visitor } from './testing/visitor.ts';

const FORM = 'application/x-www-form-urlencoded';

/** What a provider's own server sends: no cookie, no origin. */
function notify(world: TestServer, token: string, more: Partial<Sent> = {}): Promise<Answer> {
  const body = new URLSearchParams({ logout_token: token }).toString();
  const path = '/oidc-backchannel-logout';
  return world.visitor().send({ method: 'POST', path, headers: { 'content-type': FORM }, body, ...more });
}

const isSignedIn = async (visitor: Visitor): Promise<boolean> =>
  (await visitor.get('/clusters/main/me')).status === 200;

async function signedIn(world: TestServer, claims: Record<string, unknown> = {}): Promise<Visitor> {
  world.provider.claims = claims;
  const visitor = world.visitor();
  await signInWithProvider(world, visitor);
  return visitor;
}

test('a logout at the provider ends all sessions of that person, and nobody else’s [C32, C30]', async () => {
  await using world = await startTestServer();
  const [laptop, phone, bob] = [await signedIn(world), await signedIn(world), await signedIn(world, { sub: 'bob' })];
  const pasted = world.visitor();
  await signInWithToken(world, pasted);
  const answer = await notify(world, await world.provider.mintLogoutToken());
  expect(answer).toMatchObject({ status: 200, body: '', headers: { 'cache-control': 'no-store' } });
  expect(await Promise.all([laptop, phone, bob, pasted].map(isSignedIn))).toEqual([false, false, true, true]);
  expect(linesOf(world, 'audit').filter(({ action }) => action === 'sessions_ended')).toMatchObject([
    { by: 'provider', count: 2, person: { issuer: world.provider.issuer, subject: 'ada' } },
  ]);
});

test('a logout of one session at the provider ends that one only, whoever it names beside it [C32]', async () => {
  await using world = await startTestServer();
  const [laptop, phone] = [await signedIn(world, { sid: 'laptop' }), await signedIn(world, { sid: 'phone' })];
  expect((await notify(world, await world.provider.mintLogoutToken({ sid: 'laptop' }))).status).toBe(200);
  expect(await Promise.all([laptop, phone].map(isSignedIn))).toEqual([false, true]);
  expect((await notify(world, await world.provider.mintLogoutToken({ sid: 'phone', sub: undefined }))).status).toBe(
    200,
  );
  expect(await isSignedIn(phone)).toBe(false);
});

test('a logout of somebody who is not here is done as well [C32]', async () => {
  await using world = await startTestServer();
  const ada = await signedIn(world, { sid: 'a' });
  for (const claims of [{ sub: 'nobody' }, { sid: 'elsewhere' }]) {
    expect((await notify(world, await world.provider.mintLogoutToken(claims))).status).toBe(200);
  }
  expect(await isSignedIn(ada)).toBe(true);
});

const WITH_NONCE = { nonce: 'n' };
test.each<[string, Record<string, unknown>, Record<string, unknown>]>([
  ['of another issuer', { iss: 'https://evil.example' }, {}],
  ['for another client', { aud: 'other' }, {}],
  ['without the event', { events: undefined }, {}],
  ['of another event', { events: { 'https://evil.example/event': {} } }, {}],
  ['whose event is no object', { events: { 'http://schemas.openid.net/event/backchannel-logout': true } }, {}],
  ['with a nonce, as an ID token has', WITH_NONCE, {}],
  ['without an id of its own', { jti: undefined }, {}],
  ['without a time', { iat: undefined }, {}],
  ['that has expired', { exp: 1_000 }, {}],
  ['about nobody', { sub: undefined, sid: undefined }, {}],
  ['of another type', {}, { typ: 'at+jwt' }],
])('a logout token %s ends nothing [C32]', async (_, claims, header) => {
  await using world = await startTestServer();
  const ada = await signedIn(world, { sid: 'a' });
  const answer = await notify(world, await world.provider.mintLogoutToken(claims, header));
  expect(answer).toMatchObject({
    status: 400,
    headers: { 'cache-control': 'no-store', 'content-type': expect.stringContaining('application/json') },
    json: { error: 'invalid_request' },
  });
  expect(await isSignedIn(ada)).toBe(true);
});

const b64 = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

test.each<[string, (token: string) => string]>([
  ['unsigned', (token) => `${b64({ alg: 'none', typ: 'logout+jwt' })}.${token.split('.')[1]}.`],
  ['whose signature is another’s', (token) => token.replace(/[^.]+$/, (signature) => `${signature.slice(0, -4)}AAAA`)],
  ['with other claims under a good signature', (token) => token.replace(/\.[^.]+\./, `.${b64({ sub: 'ada' })}.`)],
  ['that is no JWT', () => 'x'],
  ['that is empty', () => ''],
])('a logout token %s ends nothing [C32]', async (_, forge) => {
  await using world = await startTestServer();
  const ada = await signedIn(world);
  const answer = await notify(world, forge(await world.provider.mintLogoutToken()));
  expect(answer).toMatchObject({ status: 400, json: { error: 'invalid_request' } });
  expect(await isSignedIn(ada)).toBe(true);
});

test('an ID token, which any client of the provider may hold, is no logout token [C22, C32]', async () => {
  await using world = await startTestServer();
  const ada = await signedIn(world);
  await ada.get('/clusters/main/api');
  const idToken = world.cluster.seen.at(-1)?.authorization?.replace('Bearer ', '') ?? '';
  expect((await notify(world, idToken)).status).toBe(400);
  expect(await isSignedIn(ada)).toBe(true);
});

test.each<[string, (token: string) => Partial<Sent>]>([
  [
    'as JSON',
    (token) => ({ headers: { 'content-type': 'application/json' }, body: JSON.stringify({ logout_token: token }) }),
  ],
  ['in the query', (token) => ({ path: `/oidc-backchannel-logout?logout_token=${token}`, body: '' })],
  ['twice', (token) => ({ body: `logout_token=${token}&logout_token=${token}` })],
  ['under another name', (token) => ({ body: `id_token=${token}` })],
])('a logout token that comes %s ends nothing [C32]', async (_, change) => {
  await using world = await startTestServer();
  const ada = await signedIn(world);
  const answer = await notify(world, '', change(await world.provider.mintLogoutToken()));
  expect(answer).toMatchObject({
    status: 400,
    headers: { 'cache-control': 'no-store' },
    json: { error: 'invalid_request' },
  });
  expect(await isSignedIn(ada)).toBe(true);
});

test('the logout endpoint answers POST only, and is not there without a provider [C32]', async () => {
  await using world = await startTestServer();
  expect((await world.visitor().get('/oidc-backchannel-logout')).status).toBe(405);
  await using alone = await startTestServer({ oidc: null });
  expect((await notify(alone, 'x')).status).toBe(404);
});
