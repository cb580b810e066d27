import type { ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { toIssuer } from '@lamplighter/auth-core';
import { describe, expect, test } from 'vitest';
import { type ProxyRange, parseTrustedProxies } from './config/trusted-proxies.ts';
import { callbackPath, sessionCookie, signInWithProvider, startTestServer, type TestServer } from './testing/start.ts';
import { startStubProvider } from './testing/stub-provider.ts';
import type { Answer, Visitor } from './testing/visitor.ts';

const tokenRequests = ({ provider }: TestServer): number =>
  provider.seen.filter(({ path }) => path === '/idp/token').length;
const hasSession = (visitor: Visitor): boolean => sessionCookie(visitor)[0] !== '';

async function begin(world: TestServer, visitor: Visitor): Promise<{ back: URL; path: string }> {
  const start = await visitor.get('/oidc?cluster=main');
  const path = callbackPath(world, start.headers.location ?? '');
  return { path, back: new URL(path, world.url) };
}

describe('login CSRF', () => {
  test('a callback in another browser than the one that began the login is refused, and the login is still good where it began [C3]', async () => {
    await using world = await startTestServer();
    const [attacker, victim] = [world.visitor(), world.visitor()];
    const { path } = await begin(world, attacker);
    expect(await victim.get(path)).toMatchObject({ status: 400, headers: { 'lamplighter-reason': 'login_unknown' } });
    expect(hasSession(victim)).toBe(false);
    expect(tokenRequests(world)).toBe(0);
    expect((await attacker.get(path)).status).toBe(303);
  });

  test('a victim with a login of their own in flight keeps it through a forged callback [C3]', async () => {
    await using world = await startTestServer();
    const [attacker, victim] = [world.visitor(), world.visitor()];
    const forged = await begin(world, attacker);
    const own = await begin(world, victim);
    expect((await victim.get(forged.path)).status).toBe(400);
    expect((await victim.get(own.path)).status).toBe(303);
  });

  test('a login cookie renamed to answer for another state does not open [C3]', async () => {
    await using world = await startTestServer();
    const [attacker, victim] = [world.visitor(), world.visitor()];
    const theirs = await begin(world, attacker);
    await begin(world, victim);
    const [name = ''] = attacker.jar.keys();
    const [sealed = ''] = victim.jar.values();
    victim.jar.clear();
    victim.jar.set(name, sealed);
    expect((await victim.get(theirs.path)).status).toBe(400);
    expect(tokenRequests(world)).toBe(0);
  });

  test('a login cookie sealed by another server is worth nothing [C3]', async () => {
    await using world = await startTestServer();
    await using elsewhere = await startTestServer();
    const visitor = elsewhere.visitor();
    const { path } = await begin(elsewhere, visitor);
    const victim = world.visitor();
    for (const [name, value] of visitor.jar) victim.jar.set(name, value);
    expect((await victim.get(path)).status).toBe(400);
  });
});

describe('a state', () => {
  test('used twice, by the back button or a thief with the cookie, signs in once [C3, C4]', async () => {
    await using world = await startTestServer();
    const visitor = world.visitor();
    const { path } = await begin(world, visitor);
    const copied = world.visitor();
    for (const [name, value] of visitor.jar) copied.jar.set(name, value);
    expect((await visitor.get(path)).status).toBe(303);
    expect(await copied.get(path)).toMatchObject({ status: 400, headers: { 'lamplighter-reason': 'login_used' } });
    expect(await visitor.get(path)).toMatchObject({ status: 400, headers: { 'lamplighter-reason': 'login_unknown' } });
    expect(tokenRequests(world)).toBe(1);
  });

  test('presented at the same moment many times signs in once [C3, C4]', async () => {
    await using world = await startTestServer();
    const visitor = world.visitor();
    const { path } = await begin(world, visitor);
    const copies = Array.from({ length: 12 }, () => {
      const copy = world.visitor();
      for (const [name, value] of visitor.jar) copy.jar.set(name, value);
      return copy.get(path);
    });
    const statuses = (await Promise.all(copies)).map(({ status }) => status);
    expect(statuses.filter((status) => status === 303).length).toBe(1);
    expect(tokenRequests(world)).toBe(1);
  });

  test.each([
    ['missing', (query: URLSearchParams) => query.delete('state'), 'login_invalid'],
    ['empty', (query: URLSearchParams) => query.set('state', ''), 'login_invalid'],
    ['doubled', (query: URLSearchParams) => query.append('state', query.get('state') ?? ''), 'login_invalid'],
    ['doubled with another', (query: URLSearchParams) => query.append('state', 'other'), 'login_invalid'],
    ['unknown', (query: URLSearchParams) => query.set('state', 'x'.repeat(43)), 'login_unknown'],
    ['very long', (query: URLSearchParams) => query.set('state', 'x'.repeat(20_000)), 'login_unknown'],
  ])('that is %s is refused before the provider is asked anything [C4]', async (_, change, reason) => {
    await using world = await startTestServer();
    const visitor = world.visitor();
    const { back } = await begin(world, visitor);
    change(back.searchParams);
    expect(await visitor.get(back.pathname + back.search)).toMatchObject({
      status: 400,
      headers: { 'lamplighter-reason': reason },
    });
    expect(tokenRequests(world)).toBe(0);
    expect(hasSession(visitor)).toBe(false);
  });

  test.each([
    ['an error', 'error=access_denied'],
    ['another provider’s name', 'code=x&iss=https%3A%2F%2Fevil.example'],
    ['two codes', 'code=x&code=y'],
    ['no code', ''],
  ])(
    'answered once with %s takes no code afterwards, even from a copy of the cookie [C4, C10]',
    async (_, answered) => {
      await using world = await startTestServer();
      const visitor = world.visitor();
      const { path, back } = await begin(world, visitor);
      const copied = world.visitor();
      for (const [name, value] of visitor.jar) copied.jar.set(name, value);
      const first = await visitor.get(`/oidc-callback?state=${back.searchParams.get('state')}&${answered}`);
      expect(first.status).toBeGreaterThanOrEqual(400);
      expect(await copied.get(path)).toMatchObject({ status: 400, headers: { 'lamplighter-reason': 'login_used' } });
      expect(tokenRequests(world)).toBe(0);
    },
  );

  test('of eleven minutes ago is refused [C4, C13]', async () => {
    await using world = await startTestServer();
    const visitor = world.visitor();
    const { path } = await begin(world, visitor);
    world.clock.forward(660);
    expect(await visitor.get(path)).toMatchObject({ status: 400, headers: { 'lamplighter-reason': 'login_expired' } });
    expect(tokenRequests(world)).toBe(0);
  });

  test('swapped between two logins of one browser finishes neither with the other’s code [C2, C3]', async () => {
    await using world = await startTestServer();
    const visitor = world.visitor();
    const [first, second] = [await begin(world, visitor), await begin(world, visitor)];
    first.back.searchParams.set('code', second.back.searchParams.get('code') ?? '');
    const answer = await visitor.get(first.back.pathname + first.back.search);
    expect(answer).toMatchObject({ status: 502, headers: { 'lamplighter-reason': 'code_refused' } });
    expect(hasSession(visitor)).toBe(false);
  });
});

test('a code put in by an attacker is worth nothing with the victim’s verifier [C2]', async () => {
  await using world = await startTestServer();
  const [attacker, victim] = [world.visitor(), world.visitor()];
  const stolen = await begin(world, attacker);
  const own = await begin(world, victim);
  own.back.searchParams.set('code', stolen.back.searchParams.get('code') ?? '');
  expect((await victim.get(own.back.pathname + own.back.search)).status).toBe(502);
  expect(hasSession(victim)).toBe(false);
});

test('without PKCE the nonce stops a code put in by an attacker [C5]', async () => {
  await using world = await startTestServer({ oidc: { usePkce: false } });
  const [attacker, victim] = [world.visitor(), world.visitor()];
  const stolen = await begin(world, attacker);
  const own = await begin(world, victim);
  own.back.searchParams.set('code', stolen.back.searchParams.get('code') ?? '');
  expect(await victim.get(own.back.pathname + own.back.search)).toMatchObject({
    headers: { 'lamplighter-reason': 'id_token_refused' },
  });
  expect(hasSession(victim)).toBe(false);
});

describe('mix-up: an answer of another provider', () => {
  test('is refused when it names that provider [C7]', async () => {
    await using world = await startTestServer();
    const visitor = world.visitor();
    const { path } = await begin(world, visitor);
    expect(await visitor.get(`${path}&iss=https%3A%2F%2Fevil.example`)).toMatchObject({
      headers: { 'lamplighter-reason': 'login_invalid' },
    });
    expect(tokenRequests(world)).toBe(0);
  });

  test('is refused when it names none although the provider promised to [C7]', async () => {
    await using provider = await startStubProvider();
    provider.metadata = { authorization_response_iss_parameter_supported: true };
    await using world = await startTestServer({ oidc: { issuer: toIssuer(provider.issuer) } });
    const finish = async (more: string): Promise<Answer> => {
      const visitor = world.visitor();
      const start = await visitor.get('/oidc?cluster=main');
      const { pathname, search } = new URL(provider.approve(start.headers.location ?? ''));
      return visitor.get(pathname + search + more);
    };
    expect(await finish('')).toMatchObject({ status: 400, headers: { 'lamplighter-reason': 'login_invalid' } });
    expect(provider.seen.some(({ path }) => path === '/idp/token')).toBe(false);
    expect((await finish(`&iss=${encodeURIComponent(provider.issuer)}`)).status).toBe(303);
  });
});

describe('a provider’s error', () => {
  test('is shown as text, never as markup [C10, C12]', async () => {
    await using world = await startTestServer();
    const visitor = world.visitor();
    const { back } = await begin(world, visitor);
    back.searchParams.delete('code');
    back.searchParams.set('error', 'access_denied');
    back.searchParams.set('error_description', `</p><script>alert(1)</script>"'\`<img src=x onerror=alert(1)>`);
    const answer = await visitor.get(back.pathname + back.search);
    expect(answer).toMatchObject({ status: 403, headers: { 'lamplighter-reason': 'provider_error' } });
    expect(answer.headers['content-security-policy']).toContain("default-src 'none'");
    expect(answer.body).toContain('&#60;script&#62;');
    expect(answer.body).not.toMatch(/<script|<img|onerror=alert\(1\)>/);
    expect(answer.headers['referrer-policy']).toBe('no-referrer');
    expect(answer.headers['cache-control']).toBe('no-store');
  });

  test('in a link of an attacker, without a login of this browser, is not shown at all [C10]', async () => {
    await using world = await startTestServer();
    const answer = await world.visitor().get('/oidc-callback?state=x&error=e&error_description=Call+0900');
    expect(answer.status).toBe(400);
    expect(answer.body).not.toContain('0900');
  });

  test('invalid_request without PKCE hints at the flag', async () => {
    await using world = await startTestServer({ oidc: { usePkce: false } });
    world.provider.respondToken = (_, response) => {
      response.writeHead(400, { 'content-type': 'application/json' }).end('{"error":"invalid_request"}');
    };
    expect((await signInWithProvider(world, world.visitor())).body).toContain('--oidc-use-pkce');
  });

  test.each<[string, string, string, (response: ServerResponse) => void]>([
    ['closes the connection', 'provider_unreachable', 'UND_ERR_SOCKET', (response) => void response.destroy()],
    [
      'answers HTML',
      'provider_answer_invalid',
      'OAUTH_RESPONSE_IS_NOT_JSON',
      (response) => void response.writeHead(200, { 'content-type': 'text/html' }).end('<p>'),
    ],
    [
      'answers half of its JSON',
      'provider_answer_invalid',
      'OAUTH_PARSE_ERROR',
      (response) =>
        void response.writeHead(200, { 'content-type': 'application/json' }).end('{"id_token":"secret stack'),
    ],
    [
      'answers 500',
      'provider_answer_invalid',
      'OAUTH_RESPONSE_IS_NOT_CONFORM',
      (response) => void response.writeHead(500).end('secret stack'),
    ],
    [
      'redirects',
      'provider_answer_invalid',
      'OAUTH_RESPONSE_IS_NOT_CONFORM',
      (response) => void response.writeHead(307, { location: 'http://127.0.0.1:9/' }).end(),
    ],
    [
      'never ends its answer',
      'provider_answer_invalid',
      'PROVIDER_ANSWER_TOO_LARGE',
      (response) => {
        response.writeHead(200, { 'content-type': 'application/json' });
        Readable.from(
          (function* () {
            for (;;) yield ' '.repeat(65_536);
          })(),
        ).pipe(response);
      },
    ],
    [
      'refuses the client as RFC 6749 demands',
      'code_refused',
      'invalid_client',
      (response) =>
        void response
          .writeHead(401, { 'content-type': 'application/json', 'www-authenticate': 'Basic realm="idp"' })
          .end('{"error":"invalid_client","error_description":"secret stack"}'),
    ],
    [
      'challenges without a word',
      'code_refused',
      'invalid_client',
      (response) => void response.writeHead(401, { 'www-authenticate': 'Basic realm="idp"' }).end(),
    ],
  ])('that %s at the token endpoint is told apart [C10]', async (_, reason, error, respond) => {
    await using world = await startTestServer();
    world.provider.respondToken = (__, response) => respond(response);
    const answer = await signInWithProvider(world, world.visitor());
    expect(answer).toMatchObject({ status: 502, headers: { 'lamplighter-reason': reason } });
    expect(answer.body).not.toContain('secret stack');
    expect(world.logged.join('')).toContain(`"facts":{"error":"${error}"`);
  });
});

test('seventeen logins at once: the oldest makes room [C13]', async () => {
  await using world = await startTestServer();
  const visitor = world.visitor();
  const logins: { path: string }[] = [];
  for (let count = 0; count < 17; count++) {
    logins.push(await begin(world, visitor));
    world.clock.forward(1);
  }
  expect(visitor.jar.size).toBe(16);
  expect((await visitor.get(logins[0]?.path ?? '')).status).toBe(400);
  expect((await visitor.get(logins[1]?.path ?? '')).status).toBe(303);
  expect((await visitor.get(logins[16]?.path ?? '')).status).toBe(303);
});

test.each(['POST', 'PUT', 'DELETE', 'HEAD', 'OPTIONS'])('the callback does not answer %s [C14]', async (method) => {
  await using world = await startTestServer();
  const visitor = world.visitor();
  const { path } = await begin(world, visitor);
  const answer = await visitor.send({ method, path });
  expect(answer).toMatchObject({ status: 405, headers: { allow: 'GET' } });
  expect((await visitor.get(path)).status).toBe(303);
});

test('who speaks from an address that is not trusted cannot make cookies Secure, who is trusted can [C24]', async () => {
  const setsSecure = async (trustedProxies: readonly ProxyRange[]): Promise<boolean> => {
    await using world = await startTestServer({ trustedProxies });
    const answer = await world.visitor().get('/oidc?cluster=main', { 'x-forwarded-proto': 'https' });
    return answer.cookies[0]?.startsWith('__Host-') ?? false;
  };
  expect(await setsSecure(parseTrustedProxies('10.0.0.0/8') ?? [])).toBe(false);
  expect(await setsSecure(parseTrustedProxies('127.0.0.1') ?? [])).toBe(true);
});

test('a forged Host or X-Forwarded-Host cannot change a configured redirect URI [C8]', async () => {
  await using world = await startTestServer({ oidc: { callbackUrl: 'https://lamp.example/oidc-callback' } });
  const answer = await world.visitor().get('/oidc?cluster=main', {
    host: 'lamp.example',
    'x-forwarded-host': 'evil.example',
    'x-forwarded-proto': 'http',
  });
  expect(new URL(answer.headers.location ?? '').searchParams.get('redirect_uri')).toBe(
    'https://lamp.example/oidc-callback',
  );
  expect(answer.cookies[0]).toMatch(/^__Host-lamplighter-login-.*; HttpOnly; SameSite=Lax; Secure$/);
});

test('a cookie of the form that does not fit the deployment is not read [C24]', async () => {
  await using world = await startTestServer({ oidc: { callbackUrl: 'https://127.0.0.1/oidc-callback' } });
  world.cluster.users.set('t0ken', { username: 'ada', groups: [] });
  const visitor = world.visitor();
  await visitor.send({
    method: 'POST',
    path: '/clusters/main/set-token',
    headers: { 'content-type': 'application/json', 'sec-fetch-site': 'same-origin' },
    body: '{"token":"t0ken"}',
  });
  const [name, value] = sessionCookie(visitor);
  expect(name).toMatch(/^__Host-/);
  visitor.jar.clear();
  visitor.jar.set(name.replace('__Host-', ''), value);
  expect((await visitor.get('/clusters/main/me')).status).toBe(401);
});
