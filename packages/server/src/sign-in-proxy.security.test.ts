import { describe, expect, test } from 'vitest';
import { parseTrustedProxies } from './config/trusted-proxies.ts';
import { rawAnswer } from './testing/raw.ts';
import type { Changes } from './testing/start.ts';
import { signInWithToken, startTestServer, type TestServer } from './testing/start.ts';

/** Behind a proxy on this machine, which is trusted. */
const BEHIND: Changes = { oidc: null, proxyAuth: true, trustedProxies: parseTrustedProxies('127.0.0.1') ?? [] };
const NAMED = {
  'x-forwarded-user': 'grace',
  'x-forwarded-email': 'grace@example.com',
  'x-forwarded-group': 'ops, dev,,',
};
const NAMED_PERSON = { username: 'grace', email: 'grace@example.com', groups: ['ops', 'dev'], userInfoURL: '' };
const TOKEN = 'x-forwarded-id-token';

const bearersSeen = ({ cluster }: TestServer): readonly (string | undefined)[] =>
  cluster.seen.filter(({ url }) => url === '/api').map(({ authorization }) => authorization);

describe('a trusted proxy’s token', () => {
  test.each(['from-proxy', 'Bearer from-proxy', '  bearer from-proxy '])('goes up as the bearer: %j', async (value) => {
    await using world = await startTestServer(BEHIND);
    expect((await world.visitor().get('/clusters/main/api', { [TOKEN]: value })).status).toBe(200);
    expect(bearersSeen(world)).toEqual(['Bearer from-proxy']);
  });

  test('comes before Authorization and before the session, on every route alike [C40]', async () => {
    await using world = await startTestServer(BEHIND);
    world.cluster.users.set('from-proxy', { username: 'grace', groups: [] });
    const ada = world.visitor();
    await signInWithToken(world, ada);
    await ada.get('/clusters/main/api', { authorization: 'Bearer own', [TOKEN]: 'from-proxy' });
    await ada.get('/clusters/main/api', { authorization: 'Bearer own' });
    await ada.get('/clusters/main/api');
    expect(bearersSeen(world)).toEqual(['Bearer from-proxy', 'Bearer own', 'Bearer t0ken']);
    expect((await ada.get('/clusters/main/me', { [TOKEN]: 'from-proxy' })).json).toMatchObject({ username: 'grace' });
    expect((await ada.get('/clusters/main/session', { [TOKEN]: 'from-proxy' })).json).toEqual({
      method: 'proxy',
      expiresAt: null,
      idleExpiresAt: null,
      tokenExpiresAt: null,
      renews: false,
    });
  });

  test('tells when it ends', async () => {
    await using world = await startTestServer(BEHIND);
    const token = `e30.${Buffer.from('{"exp":2000000000}').toString('base64url')}.c2ln`;
    expect((await world.visitor().get('/clusters/main/session', { [TOKEN]: token })).json).toMatchObject({
      method: 'proxy',
      tokenExpiresAt: '2033-05-18T03:33:20.000Z',
    });
  });

  test.each([
    ['empty', { [TOKEN]: '' }],
    ['blank', { [TOKEN]: '  ' }],
    ['only a scheme', { [TOKEN]: 'Bearer' }],
    ['of two tokens', { [TOKEN]: 'a b' }],
    ['joined by a comma', { [TOKEN]: 'a, b' }],
    ['doubled', { [TOKEN]: ['a', 'a'] }],
    ['beside two names', { [TOKEN]: 'a', 'x-forwarded-user': ['grace', 'root'] }],
    ['beside two lists of groups', { [TOKEN]: 'a', 'x-forwarded-group': ['ops', 'system:masters'] }],
    ['missing beside two names', { 'x-forwarded-user': ['grace', 'root'] }],
  ])('that is %s is refused, and nothing behind it is used instead [C40]', async (_, headers) => {
    await using world = await startTestServer(BEHIND);
    const ada = world.visitor();
    await signInWithToken(world, ada);
    for (const path of ['/clusters/main/api', '/clusters/main/me', '/clusters/main/session']) {
      for (const own of [{}, { authorization: 'Bearer own' }]) {
        const answer = await ada.get(path, { ...own, ...headers });
        expect(answer).toMatchObject({ status: 400, headers: { 'lamplighter-reason': 'proxy_identity_malformed' } });
      }
    }
    expect(bearersSeen(world)).toEqual([]);
  });

  test('does not excuse a write that another site caused: the proxy adds it to those too', async () => {
    await using world = await startTestServer(BEHIND);
    const send = (headers: Record<string, string>) =>
      world
        .visitor()
        .send({ method: 'DELETE', path: '/clusters/main/api', headers: { [TOKEN]: 'from-proxy', ...headers } });
    expect((await send({})).status).toBe(403);
    expect((await send({ 'sec-fetch-site': 'cross-site' })).status).toBe(403);
    expect((await send({ 'sec-fetch-site': 'same-origin' })).status).toBe(200);
  });
});

describe('a trusted proxy’s word without a token', () => {
  test('names somebody for display, and opens nothing', async () => {
    await using world = await startTestServer(BEHIND);
    const grace = world.visitor();
    expect((await grace.get('/clusters/main/me', NAMED)).json).toEqual(NAMED_PERSON);
    for (const path of ['/clusters/main/api', '/clusters/main/session', '/clusters/main/sessions']) {
      expect(await grace.get(path, NAMED)).toMatchObject({
        status: 401,
        headers: { 'lamplighter-reason': 'not_signed_in' },
      });
    }
    expect(world.cluster.seen).toEqual([]);
  });

  test('gives way to whoever is really signed in, so the name shown is the one that acts', async () => {
    await using world = await startTestServer(BEHIND);
    const ada = world.visitor();
    await signInWithToken(world, ada);
    expect((await ada.get('/clusters/main/me', NAMED)).json).toMatchObject({ username: 'ada' });
  });

  test('is read as UTF-8, as proxies write it', async () => {
    await using world = await startTestServer(BEHIND);
    const name = Buffer.from('zoë 漢').toString('latin1');
    expect((await world.visitor().get('/clusters/main/me', { 'x-forwarded-user': name })).json).toMatchObject({
      username: 'zoë 漢',
    });
  });
});

describe('identity headers of a client that is no trusted proxy', () => {
  const CASES: readonly (readonly [string, Changes])[] = [
    ['the address is not trusted', { ...BEHIND, trustedProxies: parseTrustedProxies('10.0.0.0/8') ?? [] }],
    ['no proxy’s word is taken at all', { ...BEHIND, proxyAuth: false }],
  ];
  test.each(CASES)('mean nothing when %s, and never reach the cluster [C38]', async (_, changes) => {
    await using world = await startTestServer(changes);
    const mallory = world.visitor();
    const forged = { ...NAMED, [TOKEN]: 'forged', x_forwarded_user: 'root' };
    for (const path of ['/clusters/main/api', '/clusters/main/me', '/clusters/main/session']) {
      expect((await mallory.get(path, forged)).status).toBe(401);
    }
    expect(world.cluster.seen).toEqual([]);

    await signInWithToken(world, mallory);
    expect((await mallory.get('/clusters/main/api', forged)).status).toBe(200);
    expect((await mallory.get('/clusters/main/me', forged)).json).toMatchObject({ username: 'ada' });
    const sent = world.cluster.seen.filter(({ url }) => url === '/api').flatMap(({ rawHeaders }) => rawHeaders);
    expect(sent).toContain('Bearer t0ken');
    expect(sent.join('\n')).not.toMatch(/forged|grace|root|x.forwarded.(user|group|email|id.token)/i);
  });
});

describe('a bearer among the subprotocols of a WebSocket', () => {
  const handshake = (protocol: string, more = ''): string =>
    `GET /clusters/main/api HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: x\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: ${protocol}\r\n${more}\r\n`;
  const bearer = (token: string): string =>
    `base64url.bearer.authorization.k8s.io.${Buffer.from(token).toString('base64url')}`;

  test.each([
    ['is taken', `v5.channel.k8s.io, ${bearer('abc')}`, '', /^HTTP\/1\.1 501 .*"not_built"/s],
    ['is not needed beside Authorization', 'v5.channel.k8s.io', 'Authorization: Bearer abc\r\n', /^HTTP\/1\.1 501 /],
    ['is demanded where nothing else is', 'v5.channel.k8s.io', '', /^HTTP\/1\.1 401 .*"not_signed_in"/s],
    ['counts once', `${bearer('abc')}, ${bearer('abd')}`, '', /^HTTP\/1\.1 400 .*"credential_malformed"/s],
    ['must be base64url', 'base64url.bearer.authorization.k8s.io.a=b', '', /^HTTP\/1\.1 400 /],
    ['must hold something', 'base64url.bearer.authorization.k8s.io.', '', /^HTTP\/1\.1 400 /],
    ['must hold a token', bearer('a b'), '', /^HTTP\/1\.1 400 /],
  ])('%s', async (_, protocol, more, expected) => {
    await using world = await startTestServer({ oidc: null });
    expect(await rawAnswer(world.url, handshake(protocol, more))).toMatch(expected);
  });

  test('is no credential of a request that asks for no upgrade', async () => {
    await using world = await startTestServer({ oidc: null });
    const headers = { 'sec-websocket-protocol': bearer('abc') };
    expect((await world.visitor().get('/clusters/main/api', headers)).status).toBe(401);
  });
});
