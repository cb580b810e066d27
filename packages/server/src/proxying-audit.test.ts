import { once } from 'node:events';
import { type ClientRequest, get, type IncomingMessage } from 'node:http';
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
import type { Visitor } from './testing/visitor.ts';

const auditLines = (world: TestServer, action: string) =>
  linesOf(world, 'audit').filter((line) => line['action'] === action);

const auditIdOf = ({ cluster }: TestServer): string | undefined => {
  const headers = cluster.seen.at(-1)?.rawHeaders ?? [];
  const ids = headers.filter((_, at) => at % 2 === 1 && headers[at - 1]?.toLowerCase() === 'audit-id');
  return ids.length === 1 ? ids[0] : undefined;
};

test('a proxied write is one audit line, joined to the API server’s own by its Audit-ID, whatever id the client sent', async () => {
  await using world = await startTestServer();
  const ada = world.visitor();
  await signInWithProvider(world, ada);
  world.cluster.respond = (_, response) => respondJson(response, 201, {});
  const path = '/clusters/main/api/v1/namespaces/secret-name/pods?fieldManager=x';
  const headers = { 'sec-fetch-site': 'same-origin', 'audit-id': 'chosen-by-the-client' };
  expect((await ada.send({ method: 'POST', path, headers, body: '{}' })).status).toBe(201);
  const [line, ...more] = auditLines(world, 'write');
  expect(more).toEqual([]);
  expect(line).toMatchObject({
    requestId: auditIdOf(world),
    person: { issuer: world.provider.issuer, subject: 'ada', name: 'ada' },
    cluster: 'main',
    verb: 'POST',
    route: '/clusters/{cluster}/…',
    outcome: 'success',
    status: 201,
  });
  expect(auditIdOf(world)).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(JSON.stringify(line)).not.toContain('secret-name');
});

test('reads are no writes: they leave no line', async () => {
  await using world = await startTestServer({ oidc: null });
  const ada = world.visitor();
  await signInWithToken(world, ada);
  await ada.get('/clusters/main/api');
  await ada.send({ method: 'HEAD', path: '/clusters/main/api' });
  expect(auditLines(world, 'write')).toEqual([]);
});

test.each([401, 403])(
  'a %d of the cluster is a denial that is the cluster’s own, and a failed write',
  async (status) => {
    await using world = await startTestServer({ oidc: null });
    const ada = world.visitor();
    await signInWithToken(world, ada);
    world.cluster.respond = (_, response) => respondJson(response, status, {});
    await ada.delete('/clusters/main/api/v1/pods/x');
    expect(auditLines(world, 'denied')).toMatchObject([
      { cluster: 'main', status, reason: null, person: { name: 'ada' } },
    ]);
    expect(auditLines(world, 'write')).toMatchObject([{ status, outcome: 'failure' }]);
    expect((await ada.get('/clusters/main/me')).status).toBe(200);
  },
);

test('a write the cluster never answered is written down too', async () => {
  await using world = await startTestServer({ oidc: null });
  const ada = world.visitor();
  await signInWithToken(world, ada);
  world.cluster.respond = (request) => void request.socket.destroy();
  expect((await ada.delete('/clusters/main/api/v1/pods/x')).status).toBe(502);
  expect(auditLines(world, 'write')).toMatchObject([{ status: 502, outcome: 'failure' }]);
});

test('a refusal of ours is a denial with our reason, and nobody’s name', async () => {
  await using world = await startTestServer({ oidc: null });
  await world.visitor().get('/clusters/main/api');
  expect(auditLines(world, 'denied')).toMatchObject([{ reason: 'not_signed_in', status: 401, person: null }]);
});

test('a sign-in and its sign-out are one line each, with who, where and how', async () => {
  await using world = await startTestServer();
  const ada = world.visitor();
  await signInWithProvider(world, ada);
  await ada.post('/clusters/main/logout', {});
  const facts = {
    person: { issuer: world.provider.issuer, subject: 'ada', name: 'ada' },
    cluster: 'main',
    method: 'oidc',
  };
  expect(auditLines(world, 'sign_in')).toMatchObject([{ ...facts, route: '/oidc-callback', outcome: 'success' }]);
  expect(auditLines(world, 'sign_out')).toMatchObject([{ ...facts, route: '/clusters/{cluster}/logout' }]);
});

/** Opens a watch and waits for its first event. */
async function openWatch(world: TestServer, visitor: Visitor): Promise<readonly [IncomingMessage, ClientRequest]> {
  const [name, ticket] = sessionCookie(visitor);
  const sent = get(`${world.url}/clusters/main/api/v1/pods?watch=1`, { headers: { cookie: `${name}=${ticket}` } });
  const [answer] = (await once(sent, 'response')) as [IncomingMessage];
  await once(answer, 'readable');
  return [answer, sent];
}

test('an open watch ends within two seconds of the sign-out, with a last event that says why [C29, C37]', async () => {
  await using world = await startTestServer({ oidc: null });
  const [ada, elsewhere] = [world.visitor(), world.visitor()];
  await signInWithToken(world, ada);
  await signInWithToken(world, elsewhere);
  world.cluster.respond = (_, response) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.write('{"type":"ADDED","object":{}}\n');
  };
  const [watch] = await openWatch(world, ada);
  const [other, otherRequest] = await openWatch(world, elsewhere);
  const start = performance.now();
  await ada.post('/clusters/main/logout', {});
  const chunks: Buffer[] = [];
  for await (const chunk of watch) chunks.push(chunk);
  expect(performance.now() - start).toBeLessThan(2_000);
  const events = Buffer.concat(chunks).toString().trimEnd().split('\n');
  expect(JSON.parse(events.at(-1) ?? '')).toMatchObject({ type: 'ERROR', object: { kind: 'Status', code: 401 } });
  expect(other.readableEnded).toBe(false);
  other.on('error', () => undefined);
  otherRequest.destroy();
});
