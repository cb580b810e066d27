import { describe, expect, test } from 'vitest';
import { sessionCookie, startTestServer, type TestServer } from './testing/start.ts';
import type { Visitor } from './testing/visitor.ts';

async function signedIn(world: TestServer): Promise<Visitor> {
  world.cluster.users.set('t0ken', { username: 'ada', groups: [] });
  const ada = world.visitor();
  await ada.post('/clusters/main/set-token', { token: 't0ken' });
  return ada;
}

function resolved({ url }: TestServer, headers: object): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, value === 'OWN' ? url : value]));
}

test('nobody is signed in or out by a request that says nothing of where it comes from [C44]', async () => {
  await using world = await startTestServer();
  world.cluster.users.set('t0ken', { username: 'ada', groups: [] });
  for (const path of ['/clusters/main/set-token', '/clusters/main/logout']) {
    const headers = { 'content-type': 'application/json' };
    const answer = await world.visitor().send({ method: 'POST', path, headers, body: '{"token":"t0ken"}' });
    expect(answer).toMatchObject({ status: 403, headers: { 'lamplighter-reason': 'cross_site_write' } });
    const script = { ...headers, origin: world.url };
    expect(
      (await world.visitor().send({ method: 'POST', path, headers: script, body: '{"token":"t0ken"}' })).status,
    ).toBe(200);
  }
});

describe('a write another site causes', () => {
  const WRITES = [
    ['DELETE', '/clusters/main/api/v1/namespaces/a/pods/b'],
    ['POST', '/clusters/main/api/v1/namespaces'],
    ['PATCH', '/clusters/main/api/v1/namespaces/a'],
    ['PUT', '/clusters/main/api/v1/namespaces/a'],
    ['POST', '/clusters/main/set-token'],
    ['POST', '/clusters/main/logout'],
  ] as const;
  const FORGED = [
    ['fetch metadata of another site', { 'sec-fetch-site': 'cross-site' }],
    ['fetch metadata of a neighbour host', { 'sec-fetch-site': 'same-site' }],
    ['fetch metadata nobody defined', { 'sec-fetch-site': 'same-origin, cross-site' }],
    ['empty fetch metadata', { 'sec-fetch-site': '' }],
    ['another origin', { origin: 'https://evil.example' }],
    ['an opaque origin', { origin: 'null' }],
    ['our host on another port', { origin: 'http://127.0.0.1:1' }],
    ['a host that begins like ours', { origin: 'http://127.0.0.1.evil.example' }],
    ['a person’s own doing, as browsers call it', { 'sec-fetch-site': 'none' }],
    ['a person’s own doing and another origin', { 'sec-fetch-site': 'none', origin: 'https://evil.example' }],
    ['fetch metadata of ours and another origin', { 'sec-fetch-site': 'same-origin', origin: 'https://evil.example' }],
    ['fetch metadata of another site and our origin', { 'sec-fetch-site': 'cross-site', origin: 'OWN' }],
    ['neither', {}],
  ] as const;

  test.each(
    WRITES.flatMap(([method, path]) => FORGED.map(([name, headers]) => [method, path, name, headers] as const)),
  )('%s %s with %s is not made [C44]', async (method, path, _, headers) => {
    await using world = await startTestServer();
    const ada = await signedIn(world);
    const seen = world.cluster.seen.length;
    const answer = await ada.send({
      method,
      path,
      headers: { 'content-type': 'application/json', ...resolved(world, headers) },
      body: '{"token":null}',
    });
    expect(answer).toMatchObject({ status: 403, headers: { 'lamplighter-reason': 'cross_site_write' } });
    expect(world.cluster.seen.length).toBe(seen);
    expect((await ada.get('/clusters/main/me')).status).toBe(200);
  });
});

test.each([
  ['our page’s fetch', { 'sec-fetch-site': 'same-origin' }],
  ['an older browser on our page', { origin: 'OWN' }],
  ['a browser of today on our page', { 'sec-fetch-site': 'same-origin', origin: 'OWN' }],
])('a write of %s is made', async (_, headers) => {
  await using world = await startTestServer();
  const ada = await signedIn(world);
  const path = '/clusters/main/api/v1/namespaces';
  const answer = await ada.send({ method: 'POST', path, headers: resolved(world, headers), body: '{}' });
  expect(answer.status).toBe(200);
});

test('a tool that brings its own bearer may write without saying where it comes from', async () => {
  await using world = await startTestServer();
  const ada = await signedIn(world);
  const send = (headers: Record<string, string>) =>
    ada.send({ method: 'DELETE', path: '/clusters/main/api/v1/x', headers });
  expect((await send({ authorization: 'Bearer own' })).status).toBe(200);
  expect((await send({ authorization: 'Bearer own', 'sec-fetch-site': 'cross-site' })).status).toBe(403);
  expect((await send({ authorization: 'Bearer own', origin: 'https://evil.example' })).status).toBe(403);
});

test('a form of another site cannot sign a visitor in: JSON is demanded, and browsers send it only after asking', async () => {
  await using world = await startTestServer();
  world.cluster.users.set('attackers', { username: 'mallory', groups: [] });
  const visitor = world.visitor();
  for (const type of [
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'text/plain; a=application/json',
  ]) {
    // Even if a browser were to vouch for it.
    const headers = { 'content-type': type, 'sec-fetch-site': 'same-origin' };
    const answer = await visitor.send({
      method: 'POST',
      path: '/clusters/main/set-token',
      headers,
      body: '{"token":"attackers"}',
    });
    expect(answer.status).toBe(415);
  }
  const preflight = await visitor.send({
    method: 'OPTIONS',
    path: '/clusters/main/set-token',
    headers: { origin: 'https://evil.example', 'access-control-request-method': 'POST' },
  });
  expect(preflight.status).toBe(405);
  expect(preflight.headers['access-control-allow-origin']).toBeUndefined();
  expect(visitor.jar.size).toBe(0);
});

test('no answer opens itself to another origin', async () => {
  await using world = await startTestServer();
  const ada = await signedIn(world);
  for (const path of [
    '/config',
    '/clusters/main/me',
    '/clusters/main/session',
    '/clusters/main/api',
    '/oidc-callback',
    '/',
  ]) {
    const { headers } = await ada.get(path, { origin: 'https://evil.example' });
    expect(Object.keys(headers).filter((name) => name.startsWith('access-control-'))).toEqual([]);
    expect(headers['x-content-type-options']).toBe('nosniff');
  }
});

describe('an Authorization header', () => {
  test.each([
    ['empty', ['']],
    ['blank', ['  ']],
    ['only a scheme', ['Bearer']],
    ['only a scheme and a blank', ['Bearer ']],
    ['of another scheme', ['Basic YTpi']],
    ['without a scheme', ['abc']],
    ['joined by a comma', ['Bearer a, Bearer b']],
    ['doubled', ['Bearer a', 'Bearer a']],
    ['doubled, once empty', ['', 'Bearer a']],
    ['of two tokens', ['Bearer a b']],
    ['with characters no token has', ['Bearer a"b']],
  ])('%s is refused, and the session behind it is not used instead [C40]', async (_, values) => {
    await using world = await startTestServer();
    const ada = await signedIn(world);
    const seen = world.cluster.seen.length;
    for (const path of ['/clusters/main/api', '/clusters/main/me', '/clusters/main/session', '/clusters/main/helm/x']) {
      const answer = await ada.get(path, { authorization: values });
      expect(answer).toMatchObject({ status: 400, headers: { 'lamplighter-reason': 'credential_malformed' } });
    }
    const headers = { authorization: values, 'sec-fetch-site': 'same-origin' };
    expect((await ada.send({ method: 'POST', path: '/clusters/main/logout', headers })).status).toBe(400);
    expect((await ada.get('/clusters/main/me')).status).toBe(200);
    expect(world.cluster.seen.length).toBe(seen);
  });
});

test('without any credential the cluster is not asked at all, not even anonymously [C40]', async () => {
  await using world = await startTestServer();
  const visitor = world.visitor();
  for (const path of ['/clusters/main/api', '/clusters/main/healthz', '/clusters/main/version', '/clusters/main/']) {
    expect(await visitor.get(path)).toMatchObject({ status: 401, headers: { 'lamplighter-reason': 'not_signed_in' } });
  }
  expect(world.cluster.seen).toEqual([]);
});

test.each([
  '1.x.y',
  'garbage',
  '1.AAAAAAAAAAAAAAAAAAAAAA.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA',
  'a'.repeat(5_000),
])('a made-up ticket is refused, and cleared: %s [C27]', async (ticket) => {
  await using world = await startTestServer();
  const ada = await signedIn(world);
  const [name] = sessionCookie(ada);
  ada.jar.set(name, ticket);
  expect(await ada.get('/clusters/main/api')).toMatchObject({
    status: 401,
    headers: { 'lamplighter-reason': 'session_expired' },
  });
  expect(ada.jar.size).toBe(0);
});

test('the right id with another key opens nothing [C27]', async () => {
  await using world = await startTestServer();
  const ada = await signedIn(world);
  const [name, ticket] = sessionCookie(ada);
  ada.jar.set(name, ticket.replace(/[^.]+$/, 'A'.repeat(43)));
  expect((await ada.get('/clusters/main/api')).status).toBe(401);
});

test('DNS rebinding: a listener of this machine does not answer for another host’s name', async () => {
  await using world = await startTestServer();
  const visitor = world.visitor();
  for (const host of ['evil.example', 'evil.example:80', '127.0.0.1.evil.example', 'localhost.evil.example', 'a b']) {
    expect(await visitor.get('/config', { host })).toMatchObject({
      status: 403,
      headers: { 'lamplighter-reason': 'host_refused' },
    });
  }
  for (const host of ['localhost', 'localhost:8080', '127.0.0.1:1', '[::1]:80', '127.0.0.2']) {
    expect((await visitor.get('/config', { host })).status).toBe(200);
  }
});

test.each(['http://evil.example/config', 'config', '*'])(
  'a request target that is no path is refused: %s',
  async (path) => {
    await using world = await startTestServer();
    const answer = await world.visitor().send({ method: path === '*' ? 'OPTIONS' : 'GET', path });
    expect(answer.status).toBe(400);
  },
);
