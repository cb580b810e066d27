import { expect, test } from 'vitest';
import {
  linesOf,
  sessionCookie,
  signInWithProvider,
  signInWithToken,
  startTestServer,
  type TestServer,
} from './testing/start.ts';
import { respondJson } from './testing/stub-cluster.ts';

const bearers = ({ cluster }: TestServer): readonly (string | undefined)[] =>
  cluster.seen.filter(({ url }) => url === '/api').map(({ authorization }) => authorization);

/** A provider whose tokens live ten minutes by the clock the test moves, and can be renewed. */
async function startRenewing(ttlSeconds: number): Promise<TestServer> {
  const world = await startTestServer({ sessions: { ttlSeconds } });
  world.provider.now = world.clock.now;
  Object.assign(world.provider, { refreshTokens: true, idTokenSeconds: 600 });
  return world;
}

test('a bearer that is about to end is renewed, and the request that found it so goes up with the new one [C34]', async () => {
  await using world = await startRenewing(3_600);
  const ada = world.visitor();
  await signInWithProvider(world, ada);
  expect((await ada.get('/clusters/main/session')).json).toMatchObject({ method: 'oidc', renews: true });
  await ada.get('/clusters/main/api');
  world.clock.forward(601);
  const answers = await Promise.all([1, 2, 3, 4].map(() => ada.get('/clusters/main/api')));
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
  const [first, ...later] = bearers(world);
  expect(new Set(later).size).toBe(1);
  expect(later[0]).not.toBe(first);
  expect(world.provider.refreshes).toBe(1);
  expect(answers.every(({ cookies }) => cookies.length === 0)).toBe(true);
});

test('renewals never make a session last longer than it may, and keep its id [C28]', async () => {
  await using world = await startRenewing(1_500);
  const ada = world.visitor();
  await signInWithProvider(world, ada);
  const before = sessionCookie(ada);
  for (let round = 0; round < 2; round++) {
    world.clock.forward(700);
    expect((await ada.get('/clusters/main/api')).status).toBe(200);
  }
  expect(world.provider.refreshes).toBe(2);
  expect(sessionCookie(ada)).toEqual(before);
  world.clock.forward(100);
  expect(await ada.get('/clusters/main/api')).toMatchObject({
    status: 401,
    headers: { 'lamplighter-reason': 'session_expired' },
  });
});

test('a renewal the provider refuses ends the session: 401, the reason, the cookies cleared, and nothing goes up [C35]', async () => {
  await using world = await startRenewing(3_600);
  const ada = world.visitor();
  await signInWithProvider(world, ada);
  world.provider.respondRefresh = (_, response) => respondJson(response, 400, { error: 'invalid_grant' });
  world.clock.forward(601);
  const answer = await ada.get('/clusters/main/api');
  expect(answer.status).toBe(401);
  expect(answer.headers['lamplighter-reason']).not.toBe('not_signed_in');
  expect(ada.jar.size).toBe(0);
  expect(bearers(world)).toEqual([]);
});

test('a session whose bearer its cluster refuses, and refuses again a while later, ends; one refusal alone ends nothing', async () => {
  const doubts = { doubtMs: 20 };
  await using world = await startTestServer({ oidc: null }, { doubts });
  const [ada, bob] = [world.visitor(), world.visitor()];
  await signInWithToken(world, ada);
  await signInWithToken(world, bob, 'bobs');
  world.cluster.respond = (_, response) => respondJson(response, 401, { kind: 'Status', code: 401 });
  await Promise.all([ada.get('/clusters/main/api'), bob.get('/clusters/main/api')]);
  world.cluster.users.delete('t0ken');
  await expect.poll(async () => (await ada.get('/clusters/main/session')).status, { timeout: 5_000 }).toBe(401);
  expect((await bob.get('/clusters/main/session')).status).toBe(200);
  expect(linesOf(world, 'audit').filter(({ by }) => by === 'cluster')).toMatchObject([
    { count: 1, person: { name: 'ada' } },
  ]);
});
