import { expect, test } from 'vitest';
import {
  callbackPath,
  linesOf,
  sessionCookie,
  signInWithProvider,
  startTestServer,
  type TestServer,
} from './testing/start.ts';
import type { Answer, Visitor } from './testing/visitor.ts';

/** Everything a browser could show, keep in its history or hand on: all of an answer but the cookies that are meant for it. */
function shown({ status, rawHeaders, body }: Answer): string {
  const headers = rawHeaders.flatMap((name, at) =>
    at % 2 === 0 && !/^set-cookie$/i.test(name) ? [`${name}: ${rawHeaders[at + 1]}`] : [],
  );
  return [status, ...headers, body].join('\n');
}

function ticketParts(visitor: Visitor): readonly string[] {
  return [...visitor.jar.values()].flatMap((value) => value.split('.')).filter((part) => part.length > 10);
}

function sentToProvider({ provider }: TestServer): readonly string[] {
  return provider.seen.flatMap(({ form }) =>
    ['code', 'code_verifier', 'refresh_token', 'client_secret'].flatMap((name) => form.get(name) ?? []),
  );
}

test('no code, state, verifier, nonce, token, ticket or client secret is ever logged or told [C12]', async () => {
  await using world = await startTestServer({ trustedProxies: [], metrics: true });
  world.cluster.users.set('pasted-s3cret', { username: 'ada', groups: [] });
  const ada = world.visitor();
  const told: Answer[] = [];
  const secrets = new Set<string>();
  const remember = (...values: readonly (string | null | undefined)[]): void => {
    for (const value of values) if (value !== null && value !== undefined) secrets.add(value);
  };

  // The address the browser is sent to holds state, nonce and challenge, and must: of that answer only what it shows here counts.
  const start = await ada.get('/oidc?cluster=main');
  const asked = new URL(start.headers.location ?? '').searchParams;
  remember(asked.get('nonce'), asked.get('state'), ...ticketParts(ada));
  const back = callbackPath(world, start.headers.location ?? '');
  remember(new URLSearchParams(back.split('?')[1]).get('code'));

  told.push(await world.visitor().arrive(back));
  told.push(await ada.arrive(back));
  told.push(await ada.arrive(back));
  remember(...ticketParts(ada));
  told.push(
    await ada.get('/clusters/main/me'),
    await ada.get('/clusters/main/session'),
    await ada.get('/clusters/main/sessions'),
  );
  told.push(await ada.get('/clusters/main/api'));

  const denied = await ada.get('/oidc?cluster=main');
  const deniedState = new URL(denied.headers.location ?? '').searchParams.get('state');
  remember(deniedState);
  told.push(await ada.arrive(`/oidc-callback?state=${deniedState}&error=access_denied&code=c0de-s3cret`));
  remember('c0de-s3cret');
  world.provider.respondToken = (_, response) =>
    void response.writeHead(400, { 'content-type': 'application/json' }).end('{"error":"invalid_grant"}');
  told.push(await signInWithProvider(world, ada));
  told.push(await ada.post('/clusters/main/set-token', { token: 'wrong-s3cret' }));
  told.push(await ada.post('/clusters/main/set-token', { token: 'pasted-s3cret' }));
  remember(...ticketParts(ada));
  told.push(await ada.get('/clusters/main/api', { authorization: 'Bearer header s3cret' }));
  told.push(await ada.get('/clusters/main/api', { authorization: 'Bearer header-s3cret' }));
  told.push(await ada.get('/clusters/main/api?token=query-s3cret'), await ada.get('/nowhere/path-s3cret'));
  told.push(await ada.post('/oidc-backchannel-logout?x=query-s3cret', { logout_token: 'body-s3cret' }));
  told.push(await ada.post('/clusters/main/logout', {}), await ada.get('/signed-out?state=logout-s3cret'));
  told.push(await ada.get('/metrics'));
  expect(sessionCookie(ada)).toEqual(['', '']);

  remember(
    'wrong-s3cret',
    'pasted-s3cret',
    'header s3cret',
    'header-s3cret',
    'query-s3cret',
    'path-s3cret',
    'body-s3cret',
  );
  remember('logout-s3cret', 'client s3cret', ...sentToProvider(world));
  remember(...world.cluster.seen.map(({ authorization }) => authorization?.replace('Bearer ', '')));
  const everything = [...world.logged, ...told.map(shown)].join('\n');
  expect(secrets.size).toBeGreaterThan(18);
  expect(linesOf(world, 'audit').length).toBeGreaterThan(3);
  for (const secret of secrets) {
    expect(secret.length).toBeGreaterThan(5);
    expect(everything).not.toContain(secret);
  }
});

test('no answer of a sign-in lets the next page learn the address with the code in it [C12]', async () => {
  await using world = await startTestServer();
  const ada = world.visitor();
  const start = await ada.get('/oidc?cluster=main');
  const path = callbackPath(world, start.headers.location ?? '');
  for (const answer of [await world.visitor().arrive(path), await ada.arrive(path), await ada.arrive(path)]) {
    expect(answer.headers).toMatchObject({ 'referrer-policy': 'no-referrer', 'cache-control': 'no-store' });
    expect(answer.headers.location ?? '').not.toContain('code');
  }
});
