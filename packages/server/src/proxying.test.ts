import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { expect, test } from 'vitest';
import { clusterConfig, signInWithProvider, signInWithToken, startTestServer } from './testing/start.ts';

test('the answer of the cluster reaches the page as the cluster gave it', async () => {
  await using world = await startTestServer();
  const ada = world.visitor();
  await signInWithProvider(world, ada);
  world.cluster.respond = (_, response) => {
    response.writeHead(403, { 'Content-Type': 'application/json', Warning: '299 - "old"' });
    response.end('{"kind":"Status","code":403}');
  };
  expect(await ada.get('/clusters/main/api/v1/secrets?limit=1')).toMatchObject({
    status: 403,
    body: '{"kind":"Status","code":403}',
    headers: { warning: '299 - "old"', 'content-type': 'application/json' },
  });
  expect(world.cluster.seen.at(-1)?.url).toBe('/api/v1/secrets?limit=1');
});

test.each([
  ['/clusters/main', '/'],
  ['/clusters/main/', '/'],
  ['/clusters/main?a=1', '/?a=1'],
  ['/clusters/main//set-token', '//set-token'],
  ['/clusters/main/me/', '/me/'],
  ['/clusters/main/%6de', '/%6de'],
  ['/clusters/main/../other/api', '/../other/api'],
  ['/clusters/main/a%2Fb/%2e%2e/c', '/a%2Fb/%2e%2e/c'],
  ['/clusters/%6dain/api', '/api'],
])('%s goes up as %s', async (path, upstream) => {
  await using world = await startTestServer();
  await world.visitor().get(path, { authorization: 'Bearer abc' });
  expect(world.cluster.seen.map(({ url }) => url)).toEqual([upstream]);
});

test('a cluster whose name needs encoding is found by its encoded name', async () => {
  await using world = await startTestServer();
  const name = 'arn:aws:eks:eu:1:cluster/prod';
  await using second = await startTestServer({ clusters: [clusterConfig(name, world.cluster.url)] });
  await second.visitor().get(`/clusters/${encodeURIComponent(name)}/version`, { authorization: 'Bearer abc' });
  expect(world.cluster.seen.map(({ url }) => url)).toEqual(['/version']);
});

test('a cluster below a base path is asked below it', async () => {
  await using world = await startTestServer();
  await using second = await startTestServer({ clusters: [clusterConfig('main', `${world.cluster.url}/k8s/c-1`)] });
  const tool = second.visitor();
  expect((await tool.get('/clusters/main/api', { authorization: 'Bearer abc' })).status).toBe(200);
  expect(await tool.get('/clusters/main/../c-2/api', { authorization: 'Bearer abc' })).toMatchObject({ status: 400 });
  expect(world.cluster.seen.map(({ url }) => url)).toEqual(['/k8s/c-1/api']);
});

test('an unreachable cluster is answered in the words of an API server', async () => {
  await using world = await startTestServer({ clusters: [clusterConfig('main', 'http://127.0.0.1:9')] });
  expect(await world.visitor().get('/clusters/main/api', { authorization: 'Bearer abc' })).toMatchObject({
    status: 502,
    headers: { 'lamplighter-reason': 'cluster_unreachable' },
    json: { kind: 'Status', apiVersion: 'v1', status: 'Failure', code: 502, reason: 'cluster_unreachable' },
  });
  expect(world.logged.join('')).toContain('ECONNREFUSED');
});

test.each([
  ['websocket', 'GET /clusters/main/api/v1/pods/x/exec HTTP/1.1\r\nUpgrade: websocket\r\nSec-WebSocket-Key: x'],
  ['SPDY', 'POST /clusters/main/api/v1/pods/x/exec HTTP/1.1\r\nUpgrade: SPDY/3.1'],
])('a %s request is told that it is not built, with the reason', async (_, head) => {
  await using world = await startTestServer();
  const socket = connect(Number(new URL(world.url).port), '127.0.0.1');
  socket.write(`${head}\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\nAuthorization: Bearer abc\r\n\r\n`);
  const chunks: Buffer[] = [];
  for await (const chunk of socket) chunks.push(chunk);
  expect(Buffer.concat(chunks).toString()).toMatch(/^HTTP\/1\.1 501 .*"reason":"not_built"/s);
  expect(world.cluster.seen).toEqual([]);
});

test('an offer of HTTP/2 is no demand: the request is answered as it is', async () => {
  await using world = await startTestServer();
  const headers = {
    authorization: 'Bearer abc',
    connection: 'Upgrade, HTTP2-Settings',
    upgrade: 'h2c',
    'http2-settings': 'AAMAAABkAAQAAP__',
  };
  expect((await world.visitor().get('/clusters/main/api', headers)).status).toBe(200);
});

test.each(['serviceproxy/ns/svc?request=x', 'helm/releases/list', 'portforward', 'portforward/list'])(
  'Headlamp’s /clusters/main/%s says that it is not built yet',
  async (path) => {
    await using world = await startTestServer();
    expect(await world.visitor().get(`/clusters/main/${path}`)).toMatchObject({
      status: 501,
      json: { reason: 'not_built' },
    });
  },
);

test('closing ends open watches, within two seconds', async () => {
  await using world = await startTestServer();
  world.cluster.respond = (_, response) => {
    response.writeHead(200);
    response.write('event\n');
  };
  const sent = get(`${world.url}/clusters/main/api?watch=1`, { headers: { authorization: 'Bearer abc' } });
  const [answer] = (await once(sent, 'response')) as [IncomingMessage];
  await once(answer, 'data');
  const ended = once(answer, 'error');
  const start = performance.now();
  await world.server.close();
  await ended;
  expect(performance.now() - start).toBeLessThan(2_000);
  await expect(fetch(world.url)).rejects.toThrow();
});

test('no cookie of ours goes up, in whatever place a browser sends it [C39]', async () => {
  await using world = await startTestServer();
  const ada = world.visitor();
  await signInWithProvider(world, ada);
  await ada.get('/oidc?cluster=main');
  expect(ada.jar.size).toBe(3);
  await ada.get('/clusters/main/api');
  await ada.get('/clusters/main/api/v1/namespaces/a/services/b/proxy/');
  const sent = world.cluster.seen.flatMap(({ rawHeaders, url }) => [url, ...rawHeaders]).join('\n');
  for (const [name, value] of ada.jar) {
    expect(sent).not.toContain(name);
    for (const part of value.split('.')) if (part.length > 10) expect(sent).not.toContain(part);
  }
});

test('two people asking for the same at the same time are each answered as themselves [C46]', async () => {
  await using world = await startTestServer({ oidc: null });
  world.cluster.respond = (request, response) => void response.writeHead(200).end(request.headers.authorization);
  const people = await Promise.all(
    ['adas', 'bobs', 'eves'].map(async (token) => {
      const visitor = world.visitor();
      await signInWithToken(world, visitor, token);
      return { visitor, token };
    }),
  );
  const asked = Array.from({ length: 10 }, () => people).flat();
  const answers = await Promise.all(asked.map(({ visitor }) => visitor.get('/clusters/main/api')));
  expect(answers.map(({ body }) => body)).toEqual(asked.map(({ token }) => `Bearer ${token}`));
});
