import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { sessionCookie, signInWithProvider, startTestServer, type TestServer } from './testing/start.ts';
import type { StubProvider } from './testing/stub-provider.ts';
import { Visitor } from './testing/visitor.ts';

const keys = [randomBytes(32)];
const tokenRequests = ({ seen }: StubProvider): number => seen.filter(({ path }) => path === '/idp/token').length;

/** Two servers that share one key file, so a login begun at one opens at the other; only their providers differ. */
async function startPair(
  metadata: Record<string, unknown> = {},
): Promise<AsyncDisposable & { readonly honest: TestServer; readonly evil: TestServer }> {
  await using started = new AsyncDisposableStack();
  const honest = started.use(await startTestServer({ sessions: { keys }, metadata: () => metadata }));
  const evil = started.use(
    await startTestServer({ sessions: { keys } }, {}, { clock: honest.clock, cluster: honest.cluster }),
  );
  const running = started.move();
  return { honest, evil, [Symbol.asyncDispose]: () => running.disposeAsync() };
}

test('a login begun with one provider is never finished with another, although its cookie opens there [C7]', async () => {
  await using pair = await startPair();
  const { honest, evil } = pair;
  const victim = honest.visitor();
  const start = await victim.get('/oidc?cluster=main');
  const { search } = new URL(honest.provider.approve(start.headers.location ?? ''));
  const atEvil = new Visitor(evil.url, victim);
  expect(await atEvil.arrive(`/oidc-callback${search}`)).toMatchObject({
    status: 400,
    headers: { 'lamplighter-reason': 'login_invalid' },
  });
  expect([tokenRequests(honest.provider), tokenRequests(evil.provider)]).toEqual([0, 0]);
  expect(sessionCookie(victim)).toEqual(['', '']);
});

test.each([
  ['another provider’s name', (_: StubProvider, evil: StubProvider) => evil.issuer],
  ['the right name with a slash more', (honest: StubProvider) => `${honest.issuer}/`],
  ['an empty name', () => ''],
])('an answer that carries %s is given up before its code is shown to anybody [C7]', async (_, nameOf) => {
  await using pair = await startPair({ authorization_response_iss_parameter_supported: true });
  const { honest, evil } = pair;
  const victim = honest.visitor();
  const start = await victim.get('/oidc?cluster=main');
  const back = new URL(honest.provider.approve(start.headers.location ?? ''));
  back.searchParams.set('iss', nameOf(honest.provider, evil.provider));
  expect(await victim.arrive(back.pathname + back.search)).toMatchObject({
    status: 400,
    headers: { 'lamplighter-reason': 'login_invalid' },
  });
  expect(tokenRequests(honest.provider)).toBe(0);
});

test('a session of one server is no session of another with the same keys but its own store [C33]', async () => {
  await using pair = await startPair();
  const { honest, evil } = pair;
  honest.cluster.users.set('t0ken', { username: 'ada', groups: [] });
  const ada = honest.visitor();
  await ada.post('/clusters/main/set-token', { token: 't0ken' });
  expect((await new Visitor(evil.url, ada).get('/clusters/main/me')).status).toBe(401);
});

test('a provider that was put in another’s place is shown neither refresh token nor ID token of sessions from before [C7]', async () => {
  await using started = new AsyncDisposableStack();
  const folder = mkdtempSync(join(tmpdir(), 'lamplighter-mix-up-'));
  started.defer(() => rmSync(folder, { recursive: true }));
  const changes = {
    sessions: { keys, store: { kind: 'file', path: join(folder, 'sessions.sqlite') } as const },
    metadata: (issuer: string) => ({
      end_session_endpoint: `${issuer}/logout`,
      revocation_endpoint: `${issuer}/revoke`,
    }),
  };
  const before = started.use(await startTestServer(changes));
  before.provider.refreshTokens = true;
  const ada = before.visitor();
  await signInWithProvider(before, ada);
  const after = started.use(await startTestServer(changes, {}, { clock: before.clock, cluster: before.cluster }));
  const atAfter = new Visitor(after.url, ada);
  expect((await atAfter.get('/clusters/main/me')).status).toBe(200);
  expect((await atAfter.post('/clusters/main/logout', {})).json).toEqual({});
  await after.server.close();
  expect(after.provider.seen.filter(({ path }) => path === '/idp/revoke')).toEqual([]);
});
