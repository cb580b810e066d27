import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { type Changes, callbackPath, signInWithProvider, startTestServer, type TestServer } from './testing/start.ts';
import { Visitor } from './testing/visitor.ts';

const folder = mkdtempSync(join(tmpdir(), 'lamplighter-replicas-'));
afterAll(() => rmSync(folder, { recursive: true }));

let stores = 0;
function sharedConfig(): Changes & { readonly sessions: { readonly keys: readonly Uint8Array[] } } {
  stores += 1;
  return { sessions: { store: { kind: 'file', path: join(folder, `${stores}.db`) }, keys: [randomBytes(32)] } };
}

async function startPair(
  first: Changes,
  second: Changes = first,
): Promise<AsyncDisposable & { readonly one: TestServer; readonly two: TestServer }> {
  await using started = new AsyncDisposableStack();
  const one = started.use(await startTestServer(first));
  const two = started.use(await startTestServer(second, {}, one));
  const running = started.move();
  return { one, two, [Symbol.asyncDispose]: () => running.disposeAsync() };
}

test('a login begun at one replica is finished at the other, and its session holds at both [C33]', async () => {
  await using pair = await startPair(sharedConfig());
  const ada = pair.one.visitor();
  const atTwo = new Visitor(pair.two.url, ada);
  const start = await ada.get('/oidc?cluster=main');
  expect((await atTwo.arrive(callbackPath(pair.one, start.headers.location ?? ''))).status).toBe(303);
  expect((await ada.get('/clusters/main/me')).status).toBe(200);
  expect((await atTwo.get('/clusters/main/me')).status).toBe(200);
});

test('one answer of the provider shown to both replicas at once signs in once [C4, C33]', async () => {
  await using pair = await startPair(sharedConfig());
  const ada = pair.one.visitor();
  const start = await ada.get('/oidc?cluster=main');
  const path = callbackPath(pair.one, start.headers.location ?? '');
  const copies = [pair.one.url, pair.two.url].map((url) => {
    const copy = new Visitor(url);
    for (const [name, value] of ada.jar) copy.jar.set(name, value);
    return copy.arrive(path);
  });
  const statuses = (await Promise.all(copies)).map(({ status }) => status);
  expect(statuses.toSorted()).toEqual([303, 400]);
});

test('a sign-out at one replica is at once true at the other [C29, C33]', async () => {
  await using pair = await startPair(sharedConfig());
  const ada = pair.one.visitor();
  await signInWithProvider(pair.one, ada);
  const copied = new Visitor(pair.two.url);
  for (const [name, value] of ada.jar) copied.jar.set(name, value);
  expect((await copied.get('/clusters/main/me')).status).toBe(200);
  expect((await ada.post('/clusters/main/logout', {})).status).toBe(200);
  expect((await copied.get('/clusters/main/me')).status).toBe(401);
});

test('a session and a login in flight outlive a restart with the same key, and a key put before it [C33]', async () => {
  const config = sharedConfig();
  await using first = await startTestServer(config);
  const ada = first.visitor();
  await signInWithProvider(first, ada);
  const start = await ada.get('/oidc?cluster=other');
  await first.server.close();

  const rotated = { sessions: { ...config.sessions, keys: [randomBytes(32), ...config.sessions.keys] } };
  await using again = await startTestServer(rotated, {}, first);
  const atAgain = new Visitor(again.url, ada);
  expect((await atAgain.get('/clusters/main/me')).status).toBe(200);
  expect((await atAgain.arrive(callbackPath(first, start.headers.location ?? ''))).status).toBe(303);
  expect((await atAgain.get('/clusters/other/me')).status).toBe(200);
});
