/** Attacks on how requests and answers are framed, and on the sockets they travel on. */
import { once } from 'node:events';
import { Agent, request as httpRequest, type IncomingMessage, type RequestOptions } from 'node:http';
import { text } from 'node:stream/consumers';
import { describe, expect, test } from 'vitest';
import { openRaw, rawAnswer } from './testing/raw.ts';
import { startTestServer } from './testing/start.ts';

const MEGABYTE = 1_048_576;
const BEARER = { authorization: 'Bearer abc' };

describe('a request two servers could read as two', () => {
  test.each([
    ['two Hosts', 'GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nHost: evil.example', 400, 'request_malformed'],
    ['two equal Hosts', 'GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nhost: 127.0.0.1', 400, 'request_malformed'],
    ['no Host', 'GET /healthz HTTP/1.1\r\nAccept: */*', 400, 'request_malformed'],
    [
      'an unknown coding before chunked',
      'POST /clusters/main/x HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: gzip, chunked',
      501,
      'transfer_coding_unknown',
    ],
    [
      'codings in two headers',
      'POST /clusters/main/x HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: gzip\r\nTransfer-Encoding: chunked',
      501,
      'transfer_coding_unknown',
    ],
    [
      'chunked twice',
      'POST /clusters/main/x HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked, chunked',
      400,
      'request_malformed',
    ],
    [
      'chunks over HTTP/1.0',
      'POST /clusters/main/x HTTP/1.0\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked',
      400,
      'request_malformed',
    ],
    [
      'a length and chunks',
      'POST /clusters/main/x HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 5\r\nTransfer-Encoding: chunked',
      400,
      'request_malformed',
    ],
    ['a folded header', 'GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nX-A: a\r\n b', 400, 'request_malformed'],
    ['a bare line feed', 'GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nX-A: a\nX-B: b', 400, 'request_malformed'],
    ['no HTTP', 'hello', 400, 'request_malformed'],
    ['endless headers', `GET /healthz HTTP/1.1\r\nX-A: ${'a'.repeat(98_400)}`, 431, 'headers_too_large'],
    ['an unknown expectation', 'GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nExpect: magic', 417, 'expectation_refused'],
  ])('%s is refused with its reason, and its connection closed', async (_, head, status, reason) => {
    await using world = await startTestServer();
    // What follows would be answered if the connection were kept.
    const answer = await rawAnswer(
      world.url,
      `${head}\r\nAuthorization: Bearer abc\r\n\r\n${head.startsWith('POST') ? '0\r\n\r\n' : ''}GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n`,
    );
    expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${status} .*\r\nlamplighter-reason: ${reason}\r\n`, 'is'));
    expect(answer).toMatch(/\r\nconnection: close\r\n/i);
    expect(answer.match(/HTTP\/1\.1/g)?.length).toBe(1);
    expect(world.cluster.seen).toEqual([]);
    expect(world.logged.join('')).toContain(`"reason":"${reason}"`);
  });

  test('the second of two pipelined requests cannot write into the answer of the first', async () => {
    await using world = await startTestServer();
    world.cluster.respond = (_, response) => {
      response.writeHead(200, { 'Content-Length': 10 });
      response.write('half-');
    };
    const answer = await rawAnswer(
      world.url,
      'POST /clusters/main/x HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer abc\r\nTransfer-Encoding: chunked\r\n\r\n' +
        '1\r\nx\r\n',
      (socket) => socket.once('data', () => socket.write('no chunk\r\n')),
    );
    expect(answer).toMatch(/\r\n\r\nhalf-$/);
  });
});

test.each(['/config', '/metrics', '/externalproxy', '/clusters/main/api', '/clusters/main/helm/x', '/'])(
  'TRACE %s echoes nothing, here or at the cluster',
  async (path) => {
    await using world = await startTestServer();
    const answer = await world.visitor().send({ method: 'TRACE', path, headers: { ...BEARER, 'x-echo': 'echoed' } });
    expect(answer).toMatchObject({ status: 405, headers: { 'lamplighter-reason': 'method_refused' } });
    expect(answer.headers.allow).not.toContain('TRACE');
    expect(answer.body).not.toContain('echoed');
    expect(world.cluster.seen).toEqual([]);
  },
);

test('CONNECT opens no tunnel and is told so', async () => {
  await using world = await startTestServer();
  const answer = await rawAnswer(world.url, 'CONNECT 127.0.0.1:22 HTTP/1.1\r\nHost: 127.0.0.1:22\r\n\r\n');
  expect(answer).toMatch(/^HTTP\/1\.1 405 .*\r\nlamplighter-reason: method_refused\r\n/is);
});

describe('an upgrade', () => {
  const upgradeOf = (path: string): string =>
    `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nAuthorization: Bearer abc\r\n\r\n`;

  test('outside the clusters is ignored: an ordinary answer, and the connection closes', async () => {
    await using world = await startTestServer();
    const next = 'GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n';
    expect(await rawAnswer(world.url, upgradeOf('/config') + next)).toMatch(/^HTTP\/1\.1 200 .*"clusters":/s);
  });

  test('cannot keep its socket by leaving its own side open', async () => {
    await using world = await startTestServer();
    const sockets = Array.from({ length: 50 }, () => openRaw(world.url, upgradeOf('/clusters/main/exec')));
    await Promise.all(sockets.map((socket) => once(socket.resume(), 'end')));
    // Only a socket that is closed on both sides refuses what is sent to it.
    const refused = sockets.map(async (socket) => {
      while (!socket.destroyed) {
        socket.write('more');
        await new Promise((resolve) => setImmediate(resolve));
      }
    });
    await Promise.all(refused);
  });
});

describe('an answer that comes before the request has ended', () => {
  test.each([
    ['from the cluster', '/clusters/main/upload', 413],
    ['of ours, unread', '/config', 405],
    ['of ours, half read', '/clusters/main/set-token', 413],
  ])(
    '%s does not block the connection: the next request on it is answered',
    { timeout: 15_000 },
    async (_, path, status) => {
      await using world = await startTestServer();
      world.cluster.respond = (incoming, response) => {
        if (incoming.method === 'POST') response.writeHead(413).end('too large');
        else response.end('next');
      };
      const agent = new Agent({ keepAlive: true, maxSockets: 1 });
      const headers = { ...BEARER, 'content-type': 'application/json', 'content-length': 4 * MEGABYTE };
      const upload = httpRequest(world.url + path, { agent, method: 'POST', headers });
      upload.on('error', () => undefined);
      upload.end(Buffer.alloc(4 * MEGABYTE));
      const [answer] = (await once(upload, 'response')) as [IncomingMessage];
      expect(answer.statusCode).toBe(status);
      await text(answer);
      expect(await fetchWith(`${world.url}/clusters/main/api`, { agent, headers: BEARER })).toBe('next');
      agent.destroy();
    },
  );

  test('leaves nothing behind in the server when the client has gone', async () => {
    const timers = (): number => process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length;
    const before = timers();
    await using world = await startTestServer();
    const headers = { ...BEARER, connection: 'close' };
    for (let round = 0; round < 20; round++)
      await world.visitor().send({ method: 'POST', path: '/config', headers, body: Buffer.alloc(4 * MEGABYTE) });
    await expect.poll(timers).toBeLessThan(before + 10);
  });

  test('is not waited for by a handler whose client left in the middle of its body', async () => {
    await using world = await startTestServer();
    const { host, origin } = new URL(world.url);
    const socket = openRaw(
      world.url,
      `POST /clusters/main/set-token HTTP/1.1\r\nHost: ${host}\r\nOrigin: ${origin}\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{"tok`,
    );
    await new Promise((resolve) => socket.once('connect', resolve));
    socket.end();
    socket.destroy();
    await expect.poll(() => world.logged.join('')).toContain('"event":"failure"');
  });

  test('is not the beginning of an endless upload', { timeout: 15_000 }, async () => {
    await using world = await startTestServer();
    const socket = openRaw(
      world.url,
      'POST /config HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer abc\r\nContent-Length: 1000000000\r\n\r\n',
    );
    socket.resume();
    const block = Buffer.alloc(MEGABYTE);
    const closed = new Promise((resolve) => socket.once('close', resolve));
    const push = (): void => {
      if (!socket.destroyed) socket.write(block, push);
    };
    push();
    await closed;
  });
});

describe('a pod’s status line', () => {
  test('cannot end the server', async () => {
    await using world = await startTestServer();
    world.cluster.respond = (_, response) => {
      response.socket?.end(Buffer.from('HTTP/1.1 403 Verboten für dich\r\nContent-Length: 2\r\n\r\nno', 'latin1'));
    };
    const visitor = world.visitor();
    expect(await visitor.get('/clusters/main/api', BEARER)).toMatchObject({ status: 403, body: 'no' });
    world.cluster.respond = (_, response) => void response.socket?.end('HTTP/1.1 200 OK\r\nX: a\u0000b\r\n\r\n');
    expect(await visitor.get('/clusters/main/api', BEARER)).toMatchObject({
      status: 502,
      json: { kind: 'Status', reason: 'cluster_answer_invalid' },
    });
    expect((await visitor.get('/healthz')).status).toBe(200);
  });
});

describe('over https', () => {
  const callback = (host: string) => ({ oidc: { callbackUrl: `https://${host}/oidc-callback` } });

  test('a first visit over http is the last one: every answer of ours says so, refusals too', async () => {
    await using world = await startTestServer(callback('lamp.example'));
    const host = { host: 'lamp.example' };
    for (const path of ['/config', '/healthz', '/nothing', '/clusters/nope/me', '/oidc?cluster=main']) {
      const { headers } = await world.visitor().get(path, host);
      expect(headers['strict-transport-security']).toBe('max-age=31536000');
    }
  });

  test('a name of this machine is not bound to https, nor is any host over http', async () => {
    await using secure = await startTestServer(callback('localhost'));
    await using plain = await startTestServer();
    for (const world of [secure, plain]) {
      const { headers } = await world.visitor().get('/config', { host: 'localhost' });
      expect(headers['strict-transport-security']).toBeUndefined();
    }
  });
});

function fetchWith(url: string, options: RequestOptions): Promise<string> {
  return new Promise((resolve, reject) => {
    const sent = httpRequest(url, options, (answer) => void text(answer).then(resolve, reject));
    sent.once('error', reject).end();
  });
}
