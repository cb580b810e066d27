import { expect, test } from 'vitest';
import { callbackPath, signInWithProvider, signInWithToken, startTestServer } from './testing/start.ts';
import { startStubProvider } from './testing/stub-provider.ts';

test('a server whose provider is not there yet starts, is not ready, and signs people in as soon as it is', async () => {
  await using provider = await startStubProvider();
  const { promise, resolve } = Promise.withResolvers<void>();
  provider.before = () => promise;
  await using world = await startTestServer({}, { provider: { deadlineMs: 10 } }, { provider });
  const ada = world.visitor();
  expect((await ada.get('/readyz')).status).toBe(503);
  expect((await ada.get('/healthz')).status).toBe(200);
  expect((await signInWithToken(world, ada)).status).toBe(200);
  expect((await ada.post('/clusters/main/logout', {})).json).toEqual({});
  resolve();
  await expect.poll(async () => (await ada.get('/readyz')).status).toBe(200);
  expect((await signInWithProvider(world, ada)).status).toBe(303);
});

test('a login begun elsewhere waits for the provider this replica has not met yet, and is finished [C33]', async () => {
  const keys = [new Uint8Array(32).fill(7)];
  await using first = await startTestServer({ sessions: { keys } });
  const ada = first.visitor();
  const path = callbackPath(first, (await ada.get('/oidc?cluster=main')).headers.location ?? '');
  const { promise, resolve } = Promise.withResolvers<void>();
  first.provider.before = (asked) => (asked.includes('.well-known') ? promise : Promise.resolve());
  await using second = await startTestServer({ sessions: { keys } }, { provider: { deadlineMs: 10 } }, first);
  const copy = second.visitor();
  for (const [name, value] of ada.jar) copy.jar.set(name, value);
  const waiting = copy.arrive(path);
  resolve();
  expect((await waiting).status).toBe(303);
});
