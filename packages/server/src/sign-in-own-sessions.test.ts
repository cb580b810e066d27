import { expect, test } from 'vitest';
import { linesOf, sessionCookie, signInWithProvider, signInWithToken, startTestServer } from './testing/start.ts';
import type { Visitor } from './testing/visitor.ts';
import type { OwnSession, OwnSessionsResponse } from './wire.ts';

async function ownSessions(visitor: Visitor): Promise<readonly OwnSession[]> {
  // The shape is what the tests below check.
  return ((await visitor.get('/clusters/main/sessions')).json as OwnSessionsResponse).sessions;
}

test('somebody sees their sessions on every browser, the newest first, and nobody else’s [C30]', async () => {
  await using world = await startTestServer();
  const [laptop, phone, other] = [world.visitor(), world.visitor(), world.visitor()];
  await signInWithProvider(world, laptop);
  world.clock.forward(10);
  await signInWithProvider(world, phone);
  world.provider.claims = { sub: 'bob' };
  await signInWithProvider(world, other);
  const at = (seconds: number): string => new Date(seconds * 1_000).toISOString();
  const now = world.clock.now();
  expect(await ownSessions(laptop)).toEqual([
    {
      handle: expect.stringMatching(/^[\w-]{43}$/),
      current: false,
      createdAt: at(now),
      usedAt: at(now),
      expiresAt: at(now + 3_600),
    },
    {
      handle: expect.stringMatching(/^[\w-]{43}$/),
      current: true,
      createdAt: at(now - 10),
      usedAt: at(now - 10),
      expiresAt: at(now + 3_590),
    },
  ]);
  expect((await ownSessions(other)).length).toBe(1);
});

test('somebody ends one of their sessions from another browser, and it is over there at once [C30]', async () => {
  await using world = await startTestServer();
  const [laptop, phone] = [world.visitor(), world.visitor()];
  await signInWithProvider(world, laptop);
  await signInWithProvider(world, phone);
  const lost = (await ownSessions(laptop)).find(({ current }) => !current)?.handle ?? '';
  expect((await laptop.delete(`/clusters/main/sessions/${lost}`)).status).toBe(204);
  expect((await phone.get('/clusters/main/me')).status).toBe(401);
  expect((await laptop.get('/clusters/main/me')).status).toBe(200);
  expect((await laptop.delete(`/clusters/main/sessions/${lost}`)).status).toBe(404);
  expect(linesOf(world, 'audit').filter(({ action }) => action === 'sessions_ended').length).toBe(1);
});

test('somebody ends all their sessions but the one they are at [C30]', async () => {
  await using world = await startTestServer();
  const browsers = [world.visitor(), world.visitor(), world.visitor()] as const;
  for (const browser of browsers) await signInWithProvider(world, browser);
  expect((await browsers[0].delete('/clusters/main/sessions')).status).toBe(204);
  const statuses = await Promise.all(browsers.map(async (browser) => (await browser.get('/clusters/main/me')).status));
  expect(statuses).toEqual([200, 401, 401]);
});

test('another person’s session cannot be ended, even by its handle, nor by what another site sends [C30, C21]', async () => {
  await using world = await startTestServer();
  const [ada, mallory] = [world.visitor(), world.visitor()];
  await signInWithProvider(world, ada);
  world.provider.claims = { sub: 'mallory', preferred_username: 'ada', email: 'ada@example.com' };
  await signInWithProvider(world, mallory);
  const handle = (await ownSessions(ada))[0]?.handle ?? '';
  for (const guess of [handle, 'A'.repeat(43), '..', '%2e%2e']) {
    expect((await mallory.delete(`/clusters/main/sessions/${guess}`)).status).toBeGreaterThanOrEqual(400);
  }
  await mallory.delete('/clusters/main/sessions');
  const forged = {
    method: 'DELETE',
    path: `/clusters/main/sessions/${handle}`,
    headers: { 'sec-fetch-site': 'cross-site' },
  };
  expect((await ada.send(forged)).status).toBe(403);
  expect((await ada.get('/clusters/main/me')).status).toBe(200);
});

test('a pasted token’s sessions are told apart by cluster and name: the same name is not the same person [C21, C30]', async () => {
  await using world = await startTestServer();
  const [pasted, provided] = [world.visitor(), world.visitor()];
  await signInWithToken(world, pasted);
  await signInWithProvider(world, provided);
  expect((await ownSessions(pasted)).length).toBe(1);
  expect((await ownSessions(provided)).length).toBe(1);
});

test('looking at one’s sessions is no activity: an idle session ends all the same [C28]', async () => {
  await using world = await startTestServer({ sessions: { idleTtlSeconds: 100 } });
  const [watching, working] = [world.visitor(), world.visitor()];
  await signInWithToken(world, watching);
  await signInWithToken(world, working);
  for (const path of ['session', 'sessions']) {
    world.clock.forward(40);
    expect((await watching.get(`/clusters/main/${path}`)).status).toBe(200);
    await working.get('/clusters/main/api');
  }
  world.clock.forward(40);
  expect(await watching.get('/clusters/main/me')).toMatchObject({
    status: 401,
    headers: { 'lamplighter-reason': 'session_expired' },
  });
  expect((await working.get('/clusters/main/me')).status).toBe(200);
  expect(sessionCookie(watching)).toEqual(['', '']);
});
