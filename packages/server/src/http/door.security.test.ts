/** Attacks at the door. */
import { expect, test } from 'vitest';
import { refused } from '../routes/exchange.ts';
import { auditLines, openDoor } from '../testing/door.ts';

const CANARIES = ['c0de-canary', 'st4te-canary', 'verif1er-canary', 't0ken-canary', 'c00kie-canary'];

test('a code, a state, a verifier or a token in a query or a cookie is in no log line and in no refusal [C12]', async () => {
  await using door = await openDoor({ loginCallback: async () => refused({ reason: 'state_unknown' }) });
  const query = 'code=c0de-canary&state=st4te-canary&code_verifier=verif1er-canary&access_token=t0ken-canary';
  const headers = { cookie: 'lamplighter-login-x=c00kie-canary', authorization: 'Basic t0ken-canary' };
  const answers = [
    await door.visitor.get(`/oidc-callback?${query}`, headers),
    await door.visitor.get(`/nothing?${query}`, headers),
    await door.visitor.get(`/clusters/main/api?${query}`, headers),
    await door.visitor.send({ method: 'POST', path: `/oidc-callback?${query}`, headers }),
  ];
  const told = answers.map(({ body, rawHeaders }) => body + rawHeaders.join('\n')).join('\n') + door.logged.join('');
  expect(door.logged.length).toBeGreaterThan(3);
  for (const canary of CANARIES) expect(told).not.toContain(canary);
});

test.each([
  ['refused', async () => refused({ reason: 'code_missing' } as const)],
  [
    'thrown out of',
    async () => {
      throw new TypeError('c0de-canary');
    },
  ],
] as const)(
  'the way back from a provider, %s, is neither kept nor told to the next site [C12]',
  async (_, loginCallback) => {
    await using door = await openDoor({ loginCallback });
    const answer = await door.visitor.get('/oidc-callback?code=c0de-canary&state=s');
    expect(answer.headers).toMatchObject({ 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' });
    expect(answer.body + door.logged.join('')).not.toContain('c0de-canary');
  },
);

test.each(['POST', 'PUT', 'DELETE', 'HEAD'])(
  '%s on the way back from a provider never reaches its handler [C14]',
  async (method) => {
    await using door = await openDoor();
    const headers = { 'sec-fetch-site': 'same-origin' };
    const answer = await door.visitor.send({ method, path: '/oidc-callback?code=c&state=s', headers });
    expect(answer).toMatchObject({ status: 405, headers: { allow: 'GET' } });
    expect(door.seen).toEqual([]);
  },
);

test('an Authorization header that may be read in two ways is refused on every route below a cluster, but not outside', async () => {
  await using door = await openDoor();
  const authorization = ['Bearer a', 'Bearer b'];
  expect((await door.visitor.get('/clusters/main/me', { authorization })).status).toBe(400);
  expect((await door.visitor.get('/config', { authorization })).status).toBe(200);
});

test('only the row that says so may be written to from anywhere', async () => {
  await using door = await openDoor({}, { basePath: '/lamp' });
  const headers = { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' };
  const post = (path: string) => door.visitor.send({ method: 'POST', path, headers });
  expect((await post('/lamp/oidc-backchannel-logout')).status).toBe(200);
  expect((await post('/lamp/clusters/main/set-token')).status).toBe(403);
  expect((await post('/lamp/clusters/main/logout')).status).toBe(403);
  expect((await post('/lamp/clusters/main/api')).status).toBe(403);
});

test('a neighbour on the same host cannot pass off its own path as our origin: origins know no paths', async () => {
  await using door = await openDoor({}, { basePath: '/lamp' });
  const origin = `${door.url}/lamp`;
  const answer = await door.visitor.send({ method: 'POST', path: '/lamp/clusters/main/logout', headers: { origin } });
  expect(answer).toMatchObject({ status: 403, headers: { 'lamplighter-reason': 'cross_site_write' } });
});

test('a made-up cluster’s name does not get into the audit trail', async () => {
  await using door = await openDoor();
  await door.visitor.send({ method: 'POST', path: '/clusters/%7B%22event%22%3A%22audit%22/logout' });
  await door.visitor.get('/clusters/x%0Ay/me', { host: 'evil.example' });
  expect(auditLines(door).map(({ cluster }) => cluster)).toEqual([null]);
  expect(door.logged.join('')).not.toMatch(/%7B|x%0Ay|x\\ny/);
});

test('a browser that reached us by https is held to it; over http nobody is', async () => {
  await using native = await openDoor({}, { native: true, listenAddress: '' });
  await using plain = await openDoor({}, { listenAddress: '' });
  const host = { host: 'lamp.example' };
  for (const path of ['/config', '/nothing', '/oidc-callback'])
    expect((await native.visitor.get(path, host)).headers['strict-transport-security']).toBe('max-age=31536000');
  expect((await plain.visitor.get('/config', host)).headers['strict-transport-security']).toBeUndefined();
});
