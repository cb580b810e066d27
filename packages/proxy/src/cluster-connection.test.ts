import { once } from 'node:events';
import { createServer, get, request as httpRequest, type IncomingMessage } from 'node:http';
import { buffer, text } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { Credential } from './credential.ts';
import { parseUpstreamPath } from './target.ts';
import { listen, rawAnswer, rawRequest, startFront, startRawUpstream } from './testing/front.ts';

const MEGABYTE = 1_048_576;

function answerOf(sent: ReturnType<typeof httpRequest>): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => sent.once('response', resolve).once('error', reject));
}

test('status, body and the headers clients read are the cluster’s own', async () => {
  const compressed = gzipSync('{"kind":"PodList"}');
  await using front = await startFront((_, response) => {
    response.writeHead(409, {
      'Content-Type': 'application/vnd.kubernetes.protobuf',
      'Content-Encoding': 'gzip',
      'Content-Length': compressed.length,
      Warning: ['299 - "one"', '299 - "two"'],
      'Retry-After': '7',
      Allow: 'GET, PATCH',
      'X-Kubernetes-Pf-Flowschema-Uid': 'abc',
    });
    response.end(compressed);
  });
  const answer = await answerOf(get(`${front.url}/api`));
  expect(answer.statusCode).toBe(409);
  expect(answer.headers).toMatchObject({
    'content-type': 'application/vnd.kubernetes.protobuf',
    'content-encoding': 'gzip',
    'content-length': String(compressed.length),
    'retry-after': '7',
    allow: 'GET, PATCH',
    'x-kubernetes-pf-flowschema-uid': 'abc',
  });
  expect(answer.rawHeaders.filter((_, at) => answer.rawHeaders[at - 1] === 'Warning')).toEqual([
    '299 - "one"',
    '299 - "two"',
  ]);
  expect(await buffer(answer)).toEqual(compressed);
});

test('a watch’s first event arrives before the second is sent', async () => {
  const { promise: firstSeen, resolve: sawFirst } = Promise.withResolvers<void>();
  await using front = await startFront(async (_, response) => {
    response.writeHead(200, { 'Content-Type': 'application/json' });
    response.write('{"type":"ADDED"}\n');
    await firstSeen;
    response.end('{"type":"DELETED"}\n');
  });
  const answer = await answerOf(get(`${front.url}/api/v1/pods?watch=1`));
  const [first] = await once(answer, 'data');
  expect(String(first)).toBe('{"type":"ADDED"}\n');
  sawFirst();
  expect(await text(answer)).toBe('{"type":"DELETED"}\n');
});

test('a watch without events answers its headers at once', async () => {
  await using front = await startFront((_, response) => {
    response.writeHead(200, { 'Content-Type': 'application/json' });
    response.flushHeaders();
  });
  const sent = get(`${front.url}/watch`);
  expect((await answerOf(sent)).statusCode).toBe(200);
  sent.destroy();
});

test('an upload is streamed up and not collected first', async () => {
  const { promise: firstSeen, resolve: sawFirst } = Promise.withResolvers<string>();
  await using front = await startFront(async (incoming, response) => {
    incoming.once('data', (chunk) => sawFirst(String(chunk)));
    const body = await text(incoming);
    response.end(
      `${incoming.method} ${body.length} ${incoming.headers['transfer-encoding'] ?? incoming.headers['content-length']}`,
    );
  });
  const sent = httpRequest(`${front.url}/upload`, { method: 'PATCH' });
  sent.write('begin');
  expect(await firstSeen).toBe('begin');
  sent.end('-end');
  expect(await text(await answerOf(sent))).toBe('PATCH 9 chunked');
});

test('a body of known length keeps its length, and DELETE may have one', async () => {
  await using front = await startFront(async (incoming, response) => {
    response.end(`${incoming.headers['content-length']} ${await text(incoming)}`);
  });
  const sent = httpRequest(`${front.url}/x`, { method: 'DELETE', headers: { 'Content-Length': 5 } });
  sent.end('hello');
  expect(await text(await answerOf(sent))).toBe('5 hello');
});

test('HEAD, 204 and 304 have no body and end', async () => {
  await using front = await startFront((incoming, response) => {
    const status = Number(incoming.url?.slice(1));
    response.writeHead(status, status === 200 ? { 'Content-Length': 5 } : {});
    response.end(status === 200 ? 'hello' : undefined);
  });
  for (const [method, status] of [
    ['HEAD', 200],
    ['GET', 204],
    ['GET', 304],
  ] as const) {
    const sent = httpRequest(`${front.url}/${status}`, { method });
    sent.end();
    const answer = await answerOf(sent);
    expect([answer.statusCode, await text(answer)]).toEqual([status, '']);
  }
});

test('an answer of twenty megabytes passes without being held', async () => {
  const block = Buffer.alloc(MEGABYTE, 'x');
  let written = 0;
  await using front = await startFront(async (_, response) => {
    response.writeHead(200);
    for (; written < 20; written++) if (!response.write(block)) await once(response, 'drain');
    response.end();
  });
  const answer = await answerOf(get(`${front.url}/big`));
  await once(answer, 'readable');
  // Nobody reads: the pause must reach the upstream, so most of the answer has not even been written there.
  const settled = await settle(() => written);
  expect(settled).toBeLessThan(12);
  let received = 0;
  for await (const chunk of answer) received += chunk.length;
  expect(received).toBe(20 * MEGABYTE);
});

test('an upload of twenty megabytes waits for a slow cluster', async () => {
  const { promise: mayRead, resolve: read } = Promise.withResolvers<void>();
  await using front = await startFront(async (incoming, response) => {
    await mayRead;
    let received = 0;
    for await (const chunk of incoming) received += chunk.length;
    response.end(String(received));
  });
  const sent = httpRequest(`${front.url}/up`, { method: 'POST', headers: { 'Content-Length': 20 * MEGABYTE } });
  let accepted = 0;
  const block = Buffer.alloc(MEGABYTE);
  void (async () => {
    for (; accepted < 20; accepted++) if (!sent.write(block)) await once(sent, 'drain');
    sent.end();
  })();
  expect(await settle(() => accepted)).toBeLessThan(12);
  read();
  expect(await text(await answerOf(sent))).toBe(String(20 * MEGABYTE));
});

test('after a thousand downloads abandoned half-way it still serves, and holds no connection', {
  timeout: 60_000,
}, async () => {
  const block = Buffer.alloc(4 * MEGABYTE);
  await using front = await startFront((incoming, response) => {
    if (incoming.url === '/small') response.end('still here');
    else response.end(block);
  });
  for (let round = 0; round < 20; round++) {
    const abandoned = Array.from({ length: 50 }, async () => {
      const socket = rawRequest(front.port, 'GET /big HTTP/1.1\r\nHost: x\r\n\r\n');
      await once(socket, 'data');
      socket.destroy();
    });
    await Promise.all(abandoned);
  }
  expect(await text(await answerOf(get(`${front.url}/small`)))).toBe('still here');
  const open = (): Promise<number> =>
    new Promise((resolve, reject) =>
      front.upstream.getConnections((error, count) => (error ? reject(error) : resolve(count))),
    );
  await expect.poll(open, { timeout: 10_000 }).toBeLessThan(5);
});

test('a client that leaves ends its watch at the cluster', async () => {
  const { promise: closed, resolve: close } = Promise.withResolvers<void>();
  await using front = await startFront((incoming, response) => {
    response.on('close', close);
    response.writeHead(200);
    response.write(incoming.url);
  });
  const sent = get(`${front.url}/watch`);
  const answer = await answerOf(sent);
  answer.on('error', () => undefined);
  sent.destroy();
  await closed;
});

test('a client that leaves in the middle of an upload ends it at the cluster', async () => {
  const { promise: cut, resolve } = Promise.withResolvers<string>();
  await using front = await startFront((incoming) => {
    incoming.on('error', (error) => resolve(error.message));
    incoming.resume();
  });
  const socket = rawRequest(front.port, 'POST /up HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\nhalf');
  await once(front.upstream, 'request');
  socket.destroy();
  expect(await cut).toBe('aborted');
});

test('a cluster that breaks off in the middle breaks the client off too: half an answer never looks whole', async () => {
  await using front = await startFront((_, response) => {
    response.writeHead(200, { 'Content-Type': 'application/json' });
    response.write('{"items":[', () => response.destroy());
  });
  const answer = await answerOf(get(`${front.url}/list`));
  await expect(text(answer)).rejects.toThrow('aborted');
  expect(front.failures).toEqual([]);
});

test('a cluster that cannot be reached is named so before any header is sent', async () => {
  const target = { origin: 'http://127.0.0.1:9', basePath: '', tls: { insecureSkipTlsVerify: false } };
  await using front = await startFront(() => undefined, { target });
  expect(await text(await answerOf(get(front.url)))).toBe('cluster_unreachable');
  expect(front.failures.length).toBe(1);
});

test('a cluster that closes before it answers is named unreachable', async () => {
  await using front = await startFront((_, response) => void response.destroy());
  expect(await text(await answerOf(get(front.url)))).toBe('cluster_unreachable');
});

test.each([
  ['no HTTP', 'SSH-2.0-OpenSSH_9.9\r\n'],
  ['a broken header', 'HTTP/1.1 200 OK\r\nno header\r\n\r\n'],
  ['endless headers', `HTTP/1.1 200 OK\r\nWarning: ${'x'.repeat(100_000)}\r\n\r\n`],
])('an answer that is %s is not called unreachable', async (_, answer) => {
  await using upstream = await startRawUpstream(Buffer.from(answer, 'latin1'));
  await using front = await startFront(() => undefined, { target: upstream.target });
  expect(await text(await answerOf(get(front.url)))).toBe('cluster_answer_unreadable');
});

test('a Warning of twenty kilobytes passes', async () => {
  const warning = `299 - "${'w'.repeat(20_000)}"`;
  await using front = await startFront((_, response) => void response.writeHead(200, { Warning: warning }).end());
  const sent = get(front.url, { maxHeaderSize: 65_536 });
  expect((await answerOf(sent)).headers['warning']).toBe(warning);
});

test('a cluster that never answers is given up in time', async () => {
  await using front = await startFront(() => undefined, { timeouts: { headersMs: 200 } });
  expect(await text(await answerOf(get(front.url)))).toBe('cluster_timeout');
});

test('a watch outlives the time a first answer may take', async () => {
  const { promise: mayGoOn, resolve: goOn } = Promise.withResolvers<void>();
  await using front = await startFront(
    async (incoming, response) => {
      if (incoming.url === '/never') return;
      response.writeHead(200);
      response.write('first');
      await mayGoOn;
      response.end(' second');
    },
    { timeouts: { headersMs: 300 } },
  );
  const watch = await answerOf(get(`${front.url}/watch`));
  await once(watch, 'readable');
  // Begun after the watch: when its time is over, so would be the watch's.
  expect(await text(await answerOf(get(`${front.url}/never`)))).toBe('cluster_timeout');
  goOn();
  expect(await text(watch)).toBe('first second');
});

test.each([
  '/api/v1/namespaces/a/services/b:80/proxy/poll',
  '/api/v1/namespaces/a/pods/b/proxy?x',
  '/api/v1/nodes/n/proxy',
])('a long poll of a workload outlives it too: %s', async (path) => {
  const { promise: mayAnswer, resolve: answerNow } = Promise.withResolvers<void>();
  await using front = await startFront(
    async (incoming, response) => {
      if (incoming.url !== path) return;
      await mayAnswer;
      response.end('at last');
    },
    { timeouts: { headersMs: 300 } },
  );
  const poll = answerOf(get(front.url + path));
  await once(front.upstream, 'request');
  expect(await text(await answerOf(get(`${front.url}/api/v1/pods?fieldSelector=/pods/x/proxy`)))).toBe(
    'cluster_timeout',
  );
  answerNow();
  expect(await text(await poll)).toBe('at last');
});

test('a hundred watches do not keep a list waiting', async () => {
  await using front = await startFront((incoming, response) => {
    response.writeHead(200);
    if (incoming.url === '/list') response.end('listed');
    else response.flushHeaders();
  });
  const watches = Array.from({ length: 100 }, () => get(`${front.url}/watch`));
  await Promise.all(watches.map(answerOf));
  expect(await text(await answerOf(get(`${front.url}/list`)))).toBe('listed');
  for (const watch of watches) watch.destroy();
});

test('closing cuts the streams that are open', async () => {
  await using front = await startFront((_, response) => {
    response.writeHead(200);
    response.write('event');
  });
  const answer = await answerOf(get(`${front.url}/watch`));
  await once(answer, 'data');
  await front.connection.close();
  await expect(text(answer)).rejects.toThrow('aborted');
});

test('an expectation of 100-continue is answered here and not passed on', async () => {
  await using front = await startFront(async (incoming, response) => {
    response.end(`${incoming.headers.expect} ${await text(incoming)}`);
  });
  const answer = await rawAnswer(
    front.port,
    'POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok',
  );
  expect(answer).toMatch(/^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 200 OK/);
  expect(answer).toContain('undefined ok');
});

test('a question of our own brings the bearer and its audit id, and reads JSON', async () => {
  await using front = await startFront(async (incoming, response) => {
    response.writeHead(201, { 'Content-Type': 'application/json' });
    response.end(JSON.stringify([incoming.headers.authorization, incoming.headers['audit-id'], await text(incoming)]));
  });
  const path = parseUpstreamPath('/review', '');
  if (path === undefined) throw new Error('/review is a path');
  const ask = () =>
    front.connection.ask({ method: 'POST', path, credential: new Credential('b'), auditId: 'our-id', body: { a: 1 } });
  expect(await ask()).toEqual({ ok: true, status: 201, body: ['Bearer b', 'our-id', '{"a":1}'] });
});

test('an endless answer to a question of our own is given up', async () => {
  const server = createServer(async (_, response) => {
    const block = Buffer.alloc(MEGABYTE, ' ');
    while (!response.destroyed)
      if (!response.write(block)) await Promise.race([once(response, 'drain'), once(response, 'close')]);
  });
  const target = {
    origin: `http://127.0.0.1:${await listen(server)}`,
    basePath: '',
    tls: { insecureSkipTlsVerify: false },
  };
  await using front = await startFront(() => undefined, { target });
  const path = parseUpstreamPath('/', '');
  if (path === undefined) throw new Error('/ is a path');
  expect(
    await front.connection.ask({ method: 'GET', path, credential: new Credential('b'), auditId: 'our-id', body: {} }),
  ).toMatchObject({
    ok: false,
  });
  server.close();
});

/** The value once it has stayed the same for a while: the condition is that nothing moves any more. */
async function settle(read: () => number): Promise<number> {
  let last = -1;
  await expect
    .poll(
      () => {
        const same = read() === last;
        last = read();
        return same;
      },
      { interval: 150, timeout: 10_000 },
    )
    .toBe(true);
  return last;
}
