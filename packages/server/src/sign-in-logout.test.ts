import { expect, test } from 'vitest';
import { rawAnswer } from './testing/raw.ts';
import {
  type Changes,
  linesOf,
  sessionCookie,
  signInWithProvider,
  signInWithToken,
  startTestServer,
  type TestServer,
} from './testing/start.ts';
import type { Answer, Visitor } from './testing/visitor.ts';
import type { LogoutResponse } from './wire.ts';

/** A world whose provider has a place to end its session, and one to revoke tokens. */
function startWorld(changes: Changes = {}): Promise<TestServer> {
  return startTestServer({
    ...changes,
    metadata: (issuer) => ({ end_session_endpoint: `${issuer}/logout`, revocation_endpoint: `${issuer}/revoke` }),
  });
}

/** Signs out as the page does; `gone` is what the browser is sent on to. */
async function signOut(visitor: Visitor, basePath = ''): Promise<{ readonly answer: Answer; readonly gone: URL }> {
  const answer = await visitor.post(`${basePath}/clusters/main/logout`, {});
  return { answer, gone: await follow(visitor, answer) };
}

async function follow(visitor: Visitor, answer: Answer): Promise<URL> {
  // The shape is what the tests below check.
  const { redirect } = answer.json as LogoutResponse;
  const { status, headers } = await visitor.get(redirect ?? '/missing');
  expect(status).toBe(303);
  return new URL(headers.location ?? 'missing:');
}

const revoked = ({ provider }: TestServer): readonly (string | null)[] =>
  provider.seen.filter(({ path }) => path === '/idp/revoke').map(({ form }) => form.get('token'));

test('after a sign-out the browser is sent to end the provider’s session, with the ID token and a way back [C31]', async () => {
  await using world = await startWorld();
  const ada = world.visitor();
  await signInWithProvider(world, ada);
  await ada.get('/clusters/main/api');
  const bearer = world.cluster.seen.at(-1)?.authorization?.replace('Bearer ', '');
  const { answer, gone } = await signOut(ada);
  expect(answer.status).toBe(200);
  expect(gone.origin + gone.pathname).toBe(`${world.provider.issuer}/logout`);
  expect(Object.fromEntries(gone.searchParams)).toMatchObject({
    id_token_hint: bearer,
    post_logout_redirect_uri: `${world.url}/signed-out`,
    state: expect.stringMatching(/^[\w-]{43}$/),
  });
  expect(sessionCookie(ada)).toEqual(['', '']);
  expect([...ada.jar.values()].join()).not.toContain(gone.searchParams.get('state'));

  const back = await ada.arrive(`/signed-out?state=${gone.searchParams.get('state')}`);
  expect(back).toMatchObject({ status: 303, headers: { location: '/' } });
  expect(ada.jar.size).toBe(0);
  expect(linesOf(world, 'warning')).toEqual([]);
});

test('no answer the page can read holds the ID token, and it leaves the browser’s cookies on the way [C26, C31]', async () => {
  await using world = await startWorld();
  const ada = world.visitor();
  await signInWithProvider(world, ada);
  const answer = await ada.post('/clusters/main/logout', {});
  expect(answer.json).toEqual({ redirect: expect.stringMatching(/^\/oidc-logout\?state=[\w-]{43}$/) });
  const before = [...ada.jar.values()].join().length;
  await follow(ada, answer);
  expect([...ada.jar.values()].join().length).toBeLessThan(before / 2);
  // Gone once: a second click leads nowhere.
  const { redirect = '' } = answer.json as LogoutResponse;
  expect(await ada.get(redirect)).toMatchObject({ status: 303, headers: { location: '/' } });
});

test('an address of a sign-out that was begun in another browser leads nowhere', async () => {
  await using world = await startWorld();
  const [ada, other] = [world.visitor(), world.visitor()];
  await signInWithProvider(world, ada);
  const { redirect = '' } = (await ada.post('/clusters/main/logout', {})).json as LogoutResponse;
  expect(await other.get(redirect)).toMatchObject({ status: 303, headers: { location: '/' } });
});

test('an ID token too long for a cookie is left out, and the browser is sent all the same', async () => {
  await using world = await startWorld();
  world.provider.claims = { groups: Array.from({ length: 300 }, (_, at) => `a-rather-long-name-of-a-group-${at}`) };
  const ada = world.visitor();
  await signInWithProvider(world, ada);
  const { gone } = await signOut(ada);
  expect([...gone.searchParams.keys()]).toEqual(['client_id', 'post_logout_redirect_uri', 'state']);
});

test.each([
  ['no state', ''],
  ['an empty state', '?state='],
  ['another state', '?state=AAAA'],
  ['two states', '?state=A&state=B'],
  ['an error', '?error=access_denied'],
])('the way back from a logout with %s is survived, and written down [C31]', async (_, query) => {
  await using world = await startWorld();
  const ada = world.visitor();
  await signInWithToken(world, ada);
  const before = [...ada.jar];
  expect(await ada.arrive(`/signed-out${query}`)).toMatchObject({ status: 303, headers: { location: '/' } });
  expect([...ada.jar]).toEqual(before);
  expect((await ada.get('/clusters/main/me')).status).toBe(200);
  expect(linesOf(world, 'warning').length).toBe(1);
});

test('with a configured callback the way back from a logout has its origin, whatever the Host says [C8, C31]', async () => {
  const oidc = { callbackUrl: 'https://127.0.0.1/lamp/oidc-callback' };
  await using world = await startWorld({ basePath: '/lamp', oidc });
  const ada = world.visitor();
  await signInWithProvider(world, ada, 'cluster=main', '/lamp');
  const answer = await ada.send({
    method: 'POST',
    path: '/lamp/clusters/main/logout',
    headers: { host: 'localhost:1', 'sec-fetch-site': 'same-origin' },
  });
  const gone = await ada.send({
    path: `${(answer.json as LogoutResponse).redirect}`,
    headers: { host: 'localhost:1' },
  });
  expect(new URL(gone.headers.location ?? '').searchParams.get('post_logout_redirect_uri')).toBe(
    'https://127.0.0.1/lamp/signed-out',
  );
});

test.each([
  ['a pasted token', (world: TestServer, ada: Visitor) => signInWithToken(world, ada)],
  ['nobody', () => Promise.resolve()],
])('a sign-out of %s sends the browser nowhere', async (_, signIn) => {
  await using world = await startWorld();
  const ada = world.visitor();
  await signIn(world, ada);
  expect((await ada.post('/clusters/main/logout', {})).json).toEqual({});
});

test('a provider without such a place ends nothing: the browser stays here', async () => {
  await using world = await startTestServer();
  const ada = world.visitor();
  await signInWithProvider(world, ada);
  expect((await ada.post('/clusters/main/logout', {})).json).toEqual({});
  expect((await ada.get('/clusters/main/me')).status).toBe(401);
});

test('a sign-out revokes the refresh token, and waits for neither the provider nor its answer', async () => {
  await using world = await startWorld();
  world.provider.refreshTokens = true;
  const ada = world.visitor();
  await signInWithProvider(world, ada);
  expect((await ada.post('/clusters/main/logout', {})).status).toBe(200);
  await world.server.close();
  expect(revoked(world).length).toBe(1);
});

test('a sign-out ends the session for all who copied its cookie, on every route, and no other session of that person [C29]', async () => {
  await using world = await startWorld();
  const [ada, elsewhere] = [world.visitor(), world.visitor()];
  await signInWithProvider(world, ada);
  await signInWithProvider(world, elsewhere);
  const stolen = [...ada.jar];
  await signOut(ada);
  for (const path of ['me', 'session', 'sessions', 'api', 'api/v1/pods?watch=1']) {
    const thief = world.visitor();
    for (const [name, value] of stolen) thief.jar.set(name, value);
    expect((await thief.get(`/clusters/main/${path}`)).status).toBe(401);
  }
  const cookie = stolen.map(([name, value]) => `${name}=${value}`).join('; ');
  const socket = `GET /clusters/main/api HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: ${cookie}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n`;
  expect(await rawAnswer(world.url, socket)).toMatch(/^HTTP\/1\.1 401 /);
  expect((await elsewhere.get('/clusters/main/me')).status).toBe(200);
});
