import { expect, test } from 'vitest';
import { callbackPath, signInWithProvider, startTestServer } from './testing/start.ts';

test.each([
  'https://evil.example',
  '//evil.example',
  '/\\evil.example',
  '\\/evil.example',
  '/%2fevil.example',
  '/%252f%252fevil.example',
  '/%5cevil.example',
  '/..//evil.example',
  '/%2e%2e//evil.example',
  '/\t/evil.example',
  '/%0d%0aLocation:%20https://evil.example',
  'javascript:alert(1)',
  'data:text/html,x',
  'evil.example',
  '.evil.example',
  '@evil.example',
  '///evil.example',
  '/c/main\r\nSet-Cookie: a=b',
  '/oidc?cluster=main',
  '/clusters/main/api',
  '',
])('a sign-in with returnTo %j ends on our own start page [C9]', async (returnTo) => {
  await using world = await startTestServer();
  const answer = await signInWithProvider(
    world,
    world.visitor(),
    `cluster=main&returnTo=${encodeURIComponent(returnTo)}`,
  );
  expect(answer).toMatchObject({ status: 303, headers: { location: '/' } });
});

test.each([
  'cluster=main&cluster=main',
  'cluster=main&cluster=other',
  'cluster=main&returnTo=/a&returnTo=//evil.example',
])('a login that says something twice is not begun: %s [C9]', async (query) => {
  await using world = await startTestServer();
  const visitor = world.visitor();
  expect(await visitor.get(`/oidc?${query}`)).toMatchObject({
    status: 400,
    headers: { 'lamplighter-reason': 'login_invalid' },
  });
  expect(visitor.jar.size).toBe(0);
});

test('from a login’s start to its end every redirect is one that never repeats a body, and no answer is kept [C11, C12]', async () => {
  await using world = await startTestServer();
  const visitor = world.visitor();
  const start = await visitor.get('/oidc?cluster=main');
  const end = await visitor.arrive(callbackPath(world, start.headers.location ?? ''));
  expect([start.status, end.status]).toEqual([302, 303]);
  for (const { headers } of [start, end]) {
    expect(headers).toMatchObject({ 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' });
  }
});

test('a forged Host cannot move the way back once the redirect URI is configured, below a base path either [C8]', async () => {
  const callbackUrl = 'https://lamp.example/lamp/oidc-callback';
  await using world = await startTestServer({ basePath: '/lamp', oidc: { callbackUrl } });
  for (const headers of [
    { host: '127.0.0.1' },
    { host: '127.0.0.1', 'x-forwarded-host': 'evil.example' },
    { host: '127.0.0.1', 'x-forwarded-proto': 'http', forwarded: 'host=evil.example;proto=http' },
    { host: '127.0.0.1', 'x-forwarded-prefix': '/evil' },
  ]) {
    const { headers: answered } = await world.visitor().get('/lamp/oidc?cluster=main', headers);
    expect(new URL(answered.location ?? '').searchParams.get('redirect_uri')).toBe(callbackUrl);
  }
});

test('a Host that is no host begins no login where the redirect URI is built from it [C8]', async () => {
  await using world = await startTestServer();
  const { status } = await world.visitor().get('/oidc?cluster=main', { host: '127.0.0.1/evil' });
  expect(status).toBe(403);
});
