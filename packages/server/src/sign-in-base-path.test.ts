import { expect, test } from 'vitest';
import { callbackPath, sessionCookie, signInWithProvider, signInWithToken, startTestServer } from './testing/start.ts';

test('below a base path a sign-in begins, comes back and lands there, with cookies that go nowhere else [C24]', async () => {
  await using world = await startTestServer({ basePath: '/lamp' });
  const ada = world.visitor();
  const start = await ada.get('/lamp/oidc?cluster=main&returnTo=%2Fc%2Fmain');
  const asked = new URL(start.headers.location ?? '');
  expect(asked.searchParams.get('redirect_uri')).toBe(`${world.url}/lamp/oidc-callback`);
  const landed = await ada.arrive(callbackPath(world, asked.href));
  expect(landed).toMatchObject({ status: 303, headers: { location: '/lamp/c/main' } });
  for (const cookie of [...start.cookies, ...landed.cookies]) expect(cookie).toContain('; Path=/lamp; ');
  expect((await ada.get('/lamp/clusters/main/me')).status).toBe(200);
  expect((await ada.get('/lamp/clusters/main/api')).status).toBe(200);
  expect(world.cluster.seen.at(-1)?.url).toBe('/api');
  expect((await ada.get('/clusters/main/me')).status).toBe(404);
});

test('below a base path over https the cookies bear the prefix that allows a path [C24]', async () => {
  const oidc = { callbackUrl: 'https://127.0.0.1/lamp/oidc-callback' };
  await using world = await startTestServer({ basePath: '/lamp', oidc });
  const ada = world.visitor();
  const landed = await signInWithProvider(world, ada, 'cluster=main', '/lamp');
  expect(landed.headers.location).toBe('/lamp/auth?cluster=main');
  expect(sessionCookie(ada)[0]).toMatch(/^__Secure-lamplighter-session-/);
  expect(landed.cookies.every((cookie) => cookie.includes('; Path=/lamp; ') && cookie.endsWith('; Secure'))).toBe(true);
  expect((await ada.get('/lamp/clusters/main/me')).status).toBe(200);
});

test('below a base path somebody signs out, and the server’s health is told at the root too', async () => {
  await using world = await startTestServer({ basePath: '/lamp', oidc: null });
  world.cluster.users.set('t0ken', { username: 'ada', groups: [] });
  const ada = world.visitor();
  await ada.post('/lamp/clusters/main/set-token', { token: 't0ken' });
  expect((await ada.get('/lamp/clusters/main/session')).status).toBe(200);
  const handle = await ada.get('/lamp/clusters/main/sessions');
  expect(handle.json).toMatchObject({ sessions: [{ current: true }] });
  expect((await ada.post('/lamp/clusters/main/logout', {})).status).toBe(200);
  expect(ada.jar.size).toBe(0);
  for (const path of ['/healthz', '/lamp/healthz', '/livez', '/readyz']) {
    expect((await ada.get(path)).status).toBe(200);
  }
  expect((await ada.get('/lampoon/config')).status).toBe(404);
  expect((await signInWithToken(world, ada)).status).toBe(404);
});
