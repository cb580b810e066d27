import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import { clusterConfig, sessionCookie, signInWithProvider, startTestServer } from './testing/start.ts';
import { respondJson } from './testing/stub-cluster.ts';

const ADA = { username: 'ada', groups: ['platform', 'system:authenticated'] };

test('somebody whom the cluster knows by a pasted token is signed in, and their bearer goes up', async () => {
  await using world = await startTestServer({ oidc: null });
  world.cluster.users.set('t0ken', ADA);
  const ada = world.visitor();
  const signedIn = await ada.post('/clusters/main/set-token', { token: ' t0ken\n' });
  expect(signedIn).toMatchObject({ status: 200, body: '' });
  expect(signedIn.cookies[0]).toMatch(
    /^lamplighter-session-[0-9a-f]{16}=1\.[\w-]{22}\.[\w-]{43}; Path=\/; Max-Age=3600; HttpOnly; SameSite=Strict$/,
  );
  expect(await ada.get('/clusters/main/me')).toMatchObject({
    status: 200,
    json: { username: 'ada', email: '', groups: ADA.groups, userInfoURL: '' },
  });
  expect((await ada.get('/clusters/main/api/v1/pods')).status).toBe(200);
  expect(world.cluster.seen.at(-1)).toMatchObject({ url: '/api/v1/pods', authorization: 'Bearer t0ken' });
});

test('somebody who signs in with the provider comes back to the page they wanted, with the ID token as bearer [C11]', async () => {
  await using world = await startTestServer();
  const ada = world.visitor();
  const start = await ada.get('/oidc?cluster=main&returnTo=%2Fc%2Fmain%3Fnamespace%3Dteam');
  const asked = new URL(start.headers.location ?? '');
  expect(start.status).toBe(302);
  expect(Object.fromEntries(asked.searchParams)).toMatchObject({
    response_type: 'code',
    client_id: 'lamplighter',
    scope: 'openid profile email',
    redirect_uri: `${world.url}/oidc-callback`,
    code_challenge_method: 'S256',
  });
  for (const name of ['state', 'nonce', 'code_challenge']) expect(asked.searchParams.get(name)).toMatch(/^[\w-]{43}$/);
  expect(start.cookies[0]).toMatch(
    /^lamplighter-login-[0-9a-f]{16}=[\w-]+; Path=\/; Max-Age=600; HttpOnly; SameSite=Lax$/,
  );

  const back = new URL(world.provider.approve(asked.href));
  const landed = await ada.arrive(back.pathname + back.search);
  expect(landed).toMatchObject({ status: 303, headers: { location: '/c/main?namespace=team' } });
  expect([...ada.jar.keys()].filter((name) => name.includes('login'))).toEqual([]);

  const me = await ada.get('/clusters/main/me');
  expect(me.json).toEqual({ username: 'ada', email: '', groups: ['platform'], userInfoURL: '' });
  await ada.get('/clusters/main/version');
  expect(world.cluster.seen.at(-1)?.authorization).toMatch(/^Bearer eyJ[\w-]+\.[\w-]+\.[\w-]+$/);
});

test('the client secret is form-encoded before it becomes Basic, and a public client sends none', async () => {
  await using confidential = await startTestServer();
  await signInWithProvider(confidential, confidential.visitor());
  const sent = confidential.provider.seen.find(({ path }) => path === '/idp/token')?.authorization ?? '';
  expect(Buffer.from(sent.replace('Basic ', ''), 'base64').toString()).toBe('lamplighter:client+s3cret%3A%25');

  await using open = await startTestServer({ oidc: { authentication: { method: 'none' } } });
  await signInWithProvider(open, open.visitor());
  const request = open.provider.seen.find(({ path }) => path === '/idp/token');
  expect(request?.authorization).toBeUndefined();
  expect(request?.form.get('client_id')).toBe('lamplighter');
});

test('without PKCE no challenge is sent, and the sign-in works', async () => {
  await using world = await startTestServer({ oidc: { usePkce: false } });
  const start = await world.visitor().get('/oidc?cluster=main');
  expect(start.headers.location).not.toContain('code_challenge');
  expect((await signInWithProvider(world, world.visitor())).status).toBe(303);
});

test('a person without a wish lands where Headlamp’s own frontend waits for them', async () => {
  await using world = await startTestServer();
  expect((await signInWithProvider(world, world.visitor())).headers.location).toBe('/auth?cluster=main');
});

test('a cluster whose name leaves no room in a cookie is signed in to all the same, by way of the start page', async () => {
  await using world = await startTestServer();
  const name = '漢'.repeat(512);
  await using second = await startTestServer({ clusters: [clusterConfig(name, world.cluster.url)] });
  const ada = second.visitor();
  const query = `cluster=${encodeURIComponent(name)}`;
  const [cookie = ''] = (await ada.get(`/oidc?${query}&returnTo=${encodeURIComponent(`/${'x'.repeat(1_000)}`)}`))
    .cookies;
  expect(cookie.split(';')[0]?.length).toBeLessThanOrEqual(4_096);
  expect(await signInWithProvider(second, ada, query)).toMatchObject({ status: 303, headers: { location: '/' } });
});

test('a session says how it began and when it ends', async () => {
  await using world = await startTestServer({ oidc: null });
  world.cluster.users.set('opaque', ADA);
  const ada = world.visitor();
  await ada.post('/clusters/main/set-token', { token: 'opaque' });
  expect((await ada.get('/clusters/main/session')).json).toEqual({
    method: 'token',
    expiresAt: new Date((world.clock.now() + 3_600) * 1_000).toISOString(),
    idleExpiresAt: null,
    tokenExpiresAt: null,
    renews: false,
  });
});

test('a session ends when its time is over: 401, the reason, and the cookies cleared [C28]', async () => {
  await using world = await startTestServer({ oidc: null });
  world.cluster.users.set('opaque', ADA);
  const ada = world.visitor();
  await ada.post('/clusters/main/set-token', { token: 'opaque' });
  world.clock.forward(3_599);
  expect((await ada.get('/clusters/main/me')).status).toBe(200);
  world.clock.forward(1);
  expect(await ada.get('/clusters/main/api')).toMatchObject({
    status: 401,
    headers: { 'lamplighter-reason': 'session_expired' },
    json: { kind: 'Status', code: 401, reason: 'session_expired' },
  });
  expect(ada.jar.size).toBe(0);
  expect(await ada.get('/clusters/main/api')).toMatchObject({ headers: { 'lamplighter-reason': 'not_signed_in' } });
});

test('a session ends with its token, even when it could last longer [C28]', async () => {
  await using world = await startTestServer({ sessions: { ttlSeconds: 86_400 } });
  const ada = world.visitor();
  await signInWithProvider(world, ada);
  world.clock.forward(3_605);
  const seen = world.cluster.seen.length;
  expect(await ada.get('/clusters/main/api')).toMatchObject({
    status: 401,
    headers: { 'lamplighter-reason': 'token_expired' },
  });
  expect(world.cluster.seen.length).toBe(seen);
});

test('a token the cluster accepts although it says it has expired makes no session that lives', async () => {
  await using world = await startTestServer({ oidc: null });
  const token = `e30.${Buffer.from('{"exp":1000}').toString('base64url')}.c2ln`;
  world.cluster.users.set(token, ADA);
  const ada = world.visitor();
  await ada.post('/clusters/main/set-token', { token });
  expect(await ada.get('/clusters/main/me')).toMatchObject({
    status: 401,
    headers: { 'lamplighter-reason': 'token_expired' },
  });
});

test.each([
  ['logout', '/clusters/main/logout', {}, '{}'],
  ['set-token null', '/clusters/main/set-token', { token: null }, ''],
  ['set-token with an empty text', '/clusters/main/set-token', { token: '' }, ''],
])('%s ends the session on the server, not only in the browser [C29]', async (_, path, sent, body) => {
  await using world = await startTestServer({ oidc: null });
  world.cluster.users.set('opaque', ADA);
  const ada = world.visitor();
  await ada.post('/clusters/main/set-token', { token: 'opaque' });
  await ada.post('/clusters/other/set-token', { token: 'opaque' });
  const copied = new Map(ada.jar);
  expect(await ada.post(path, sent)).toMatchObject({ status: 200, body });
  expect(await ada.get('/clusters/other/me')).toMatchObject({ status: 200 });
  const thief = world.visitor();
  for (const [name, value] of copied) thief.jar.set(name, value);
  expect(await thief.get('/clusters/main/me')).toMatchObject({ status: 401 });
});

test.each([
  ['logout', '/clusters/main/logout', {}],
  ['set-token null', '/clusters/main/set-token', { token: null }],
  ['another sign-in', '/clusters/main/set-token', { token: 'opaque' }],
])(
  '%s also ends the session behind a cookie that somebody else planted beside it [C27, C29]',
  async (_, path, body) => {
    for (const planted of ['x', '1.AAAAAAAAAAAAAAAAAAAAAA.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA']) {
      await using world = await startTestServer({ oidc: null });
      world.cluster.users.set('opaque', ADA);
      const ada = world.visitor();
      await ada.post('/clusters/main/set-token', { token: 'opaque' });
      const [name, ticket] = sessionCookie(ada);
      for (const cookie of [`${name}=${planted}; ${name}=${ticket}`, `${name}=${ticket}; ${name}=${planted}`]) {
        const headers = { 'content-type': 'application/json', origin: world.url, cookie };
        expect((await world.visitor().send({ method: 'POST', path, headers, body: JSON.stringify(body) })).status).toBe(
          200,
        );
      }
      expect(await ada.get('/clusters/main/me')).toMatchObject({ status: 401 });
    }
  },
);

test('a store that another process holds is told as such, and logged with its code', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'lamplighter-busy-'));
  const path = join(folder, 'sessions.db');
  const sessions = { store: { kind: 'file', path } } as const;
  await using world = await startTestServer({ oidc: null, sessions });
  world.cluster.users.set('opaque', ADA);
  expect((await world.visitor().get('/readyz')).status).toBe(200);
  const other = new DatabaseSync(path);
  other.exec('BEGIN IMMEDIATE');
  expect(await world.visitor().post('/clusters/main/set-token', { token: 'opaque' })).toMatchObject({
    status: 503,
    headers: { 'lamplighter-reason': 'store_unavailable' },
  });
  expect(world.logged.join('')).toContain('"errorCode":"ERR_SQLITE_ERROR"');
  other.close();
  rmSync(folder, { recursive: true });
});

test('signing out twice is as well as once', async () => {
  await using world = await startTestServer({ oidc: null });
  expect((await world.visitor().post('/clusters/main/logout', {})).status).toBe(200);
});

test('a cluster too old for SelfSubjectReview is asked whether it knows the bearer at all', async () => {
  await using world = await startTestServer({ oidc: null });
  const token = `e30.${Buffer.from('{"sub":"system:serviceaccount:a:b"}').toString('base64url')}.c2ln`;
  world.cluster.respondToReview = (_, response) => respondJson(response, 404, {});
  world.cluster.respond = (request, response) => {
    const known = request.headers.authorization === `Bearer ${token}`;
    respondJson(response, known ? 201 : 401, {});
  };
  const ada = world.visitor();
  expect((await ada.post('/clusters/main/set-token', { token })).status).toBe(200);
  expect((await ada.get('/clusters/main/me')).json).toMatchObject({ username: 'system:serviceaccount:a:b' });
  expect((await world.visitor().post('/clusters/main/set-token', { token: 'garbage' })).status).toBe(401);
});

test('a token as long as sixty thousand characters works, and the cookies stay small [C25, C26]', async () => {
  await using world = await startTestServer({ oidc: null });
  const token = 'a'.repeat(60_000);
  world.cluster.users.set(token, ADA);
  world.cluster.respondToReview = (_, response) => respondJson(response, 201, { status: { userInfo: ADA } });
  const ada = world.visitor();
  expect((await ada.post('/clusters/main/set-token', { token })).status).toBe(200);
  expect([...ada.jar.values()].join('').length).toBeLessThan(150);
});

const EXPIRED = `e30.${Buffer.from('{"exp":1000}').toString('base64url')}.c2ln`;
test.each([
  ['an empty token', { token: '  ' }, 400, 'token_blank', 0],
  ['a garbled token', { token: 'two words' }, 400, 'token_malformed', 0],
  ['a foreign token', { token: 'foreign' }, 401, 'token_refused', 1],
  ['an expired token', { token: EXPIRED }, 401, 'token_refused', 1],
  ['a number', { token: 7 }, 400, 'body_malformed', 0],
  ['no token at all', {}, 400, 'body_malformed', 0],
  ['a list', [], 400, 'body_malformed', 0],
])('%s makes no session', async (_, sent, status, reason, asked) => {
  await using world = await startTestServer({ oidc: null });
  const visitor = world.visitor();
  const answer = await visitor.post('/clusters/main/set-token', sent);
  expect(answer).toMatchObject({ status, headers: { 'lamplighter-reason': reason }, json: { reason } });
  expect(visitor.jar.size).toBe(0);
  expect(world.cluster.seen.length).toBe(asked);
});

test('of an expired token the sentence says that it expired', async () => {
  await using world = await startTestServer({ oidc: null });
  const answer = await world.visitor().post('/clusters/main/set-token', { token: EXPIRED });
  expect(answer.json).toMatchObject({ message: expect.stringContaining('It has expired') });
});

test.each([
  [
    'takes the bearer for nobody',
    201,
    { status: { userInfo: { username: 'system:anonymous' } } },
    401,
    'token_refused',
  ],
  ['forbids the question', 403, {}, 403, 'review_forbidden'],
  ['is broken', 500, {}, 502, 'cluster_answer_invalid'],
])('a cluster that %s signs nobody in', async (_, status, body, told, reason) => {
  await using world = await startTestServer({ oidc: null });
  world.cluster.respondToReview = (__, response) => respondJson(response, status, body);
  const visitor = world.visitor();
  const answer = await visitor.post('/clusters/main/set-token', { token: 'some' });
  expect(answer).toMatchObject({ status: told, headers: { 'lamplighter-reason': reason } });
  expect(visitor.jar.size).toBe(0);
});

test('a cluster that cannot be reached is not called a bad token', async () => {
  await using world = await startTestServer({ oidc: null, clusters: [clusterConfig('main', 'http://127.0.0.1:9')] });
  const answer = await world.visitor().post('/clusters/main/set-token', { token: 'some' });
  expect(answer).toMatchObject({ status: 502, headers: { 'lamplighter-reason': 'cluster_unreachable' } });
});

test('a body that is no JSON, or too much of it, is refused', async () => {
  await using world = await startTestServer({ oidc: null });
  const send = (body: string, type: string) =>
    world.visitor().send({
      method: 'POST',
      path: '/clusters/main/set-token',
      headers: { 'content-type': type, origin: world.url },
      body,
    });
  expect(await send('{"token":', 'application/json')).toMatchObject({ status: 400 });
  expect(await send('{"token":"a"}', 'text/plain')).toMatchObject({ status: 415 });
  expect(await send(`{"token":"${'a'.repeat(70_000)}"}`, 'application/json')).toMatchObject({ status: 413 });
});

test('who a bearer in the Authorization header stands for is the cluster’s to say', async () => {
  await using world = await startTestServer({ oidc: null });
  world.cluster.users.set('t0ken', ADA);
  const tool = world.visitor();
  expect(await tool.get('/clusters/main/me', { authorization: 'bEaReR t0ken' })).toMatchObject({
    json: { username: 'ada' },
  });
  const forged = `e30.${Buffer.from('{"sub":"root","exp":9999999999}').toString('base64url')}.c2ln`;
  expect(await tool.get('/clusters/main/me', { authorization: `Bearer ${forged}` })).toMatchObject({ status: 401 });
});

test('the Authorization header comes before the session', async () => {
  await using world = await startTestServer({ oidc: null });
  world.cluster.users.set('session-token', ADA);
  const ada = world.visitor();
  await ada.post('/clusters/main/set-token', { token: 'session-token' });
  await ada.get('/clusters/main/api', { authorization: 'Bearer header-token' });
  expect(world.cluster.seen.at(-1)?.authorization).toBe('Bearer header-token');
});
