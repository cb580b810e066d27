/** Attacks by whatever answers in a cluster's place: a pod behind services/proxy writes its own status line. */
import { once } from 'node:events';
import { createServer, get, type IncomingMessage, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import type { Dispatcher } from 'undici';
import { describe, expect, test } from 'vitest';
import type { UpstreamFailure } from './failure.ts';
import { RelayResponse } from './relay-response.ts';
import { listen, rawRequest, startFront, startRawUpstream } from './testing/front.ts';

function fetchRaw(url: string): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => get(url, resolve).once('error', reject));
}

describe('a reason phrase that Node refuses to write', () => {
  test.each([
    ['in latin-1', 'Verboten für dich'],
    ['with an escape sequence', 'No \u001b[31m'],
    ['with a NUL', 'No\u0000'],
    ['with a DEL', 'No\u007f'],
  ])('%s does not end the process: the status passes or the answer is called unreadable', async (_, phrase) => {
    const answer = Buffer.from(`HTTP/1.1 403 ${phrase}\r\nContent-Length: 2\r\n\r\nno`, 'latin1');
    await using upstream = await startRawUpstream(answer);
    await using front = await startFront(() => undefined, { target: upstream.target });
    const received = await fetchRaw(front.url);
    expect([received.statusCode, received.statusMessage, await text(received)]).toBeOneOf([
      [403, 'Forbidden', 'no'],
      [502, 'Bad Gateway', 'cluster_answer_unreadable'],
    ]);
  });
});

/** As undici hands one to its handler; nothing comes of pausing or aborting. */
function controllerWith(rawHeaders: string[]): Dispatcher.DispatchController {
  const nothing = (): void => undefined;
  return { rawHeaders, aborted: false, paused: false, reason: null, abort: nothing, pause: nothing, resume: nothing };
}

/** Serves one answer that undici would report by these calls. */
async function serveRelayed(
  report: (relay: RelayResponse, response: ServerResponse) => void,
): Promise<{ url: string } & AsyncDisposable> {
  const server = createServer((_, response) => {
    const onFailure = ({ reason }: UpstreamFailure): void => void response.writeHead(502).end(reason);
    report(new RelayResponse(response, { isWatch: true, onFailure }), response);
  });
  const url = `http://127.0.0.1:${await listen(server)}`;
  return { url, [Symbol.asyncDispose]: () => new Promise<void>((resolve) => void server.close(() => resolve())) };
}

test('a header that Node refuses to write ends as a failure of that request, under its own reason phrase', async () => {
  await using front = await serveRelayed((relay) => {
    const controller = controllerWith(['X-Bad', 'a\u0000b']);
    // undici catches what a callback throws, and reports it so.
    try {
      relay.onResponseStart(controller, 200);
    } catch (error) {
      relay.onResponseError(controller, error instanceof Error ? error : new Error('?'));
    }
  });
  const received = await fetchRaw(front.url);
  expect([received.statusCode, received.statusMessage, await text(received)]).toEqual([
    502,
    'Bad Gateway',
    'cluster_answer_unreadable',
  ]);
});

test('a failure that cannot be told cuts the client off, and nobody else', async () => {
  await using front = await serveRelayed((_, response) => {
    const onFailure = (): never => {
      throw new Error('nobody to tell');
    };
    const relay = new RelayResponse(response, { isWatch: false, onFailure });
    relay.onResponseError(undefined, new Error('broken'));
  });
  await expect(fetchRaw(front.url)).rejects.toMatchObject({ code: 'ECONNRESET' });
});

/** More than any socket and buffer on the way holds. */
const ENDLESS = Buffer.alloc(33_554_432, 'x');

describe('a client that stops reading', () => {
  test.each([
    ['a watch', '/api/v1/pods?watch=1'],
    ['a download', '/big'],
  ])('does not keep %s, or its connection to the cluster, past its session [C37]', async (_, path) => {
    let open = 0;
    await using front = await startFront((incoming, response) => {
      if (incoming.url === '/small') return void response.end('still here');
      open++;
      response.on('close', () => open--);
      response.writeHead(200, { 'Content-Type': 'application/json' });
      response.write(ENDLESS);
    });
    const clients = Array.from({ length: 20 }, () => rawRequest(front.port, `GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`));
    await Promise.all(clients.map((client) => once(client, 'readable')));
    await expect.poll(() => open).toBe(20);
    for (const running of front.running) running.end();
    await expect.poll(() => open, { timeout: 2_000 }).toBe(0);
    await expect.poll(() => front.running.every(({ ended }) => ended), { timeout: 2_000 }).toBe(true);
    expect(await text(await fetchRaw(`${front.url}/small`))).toBe('still here');
    for (const client of clients) client.destroy();
  });

  test('is cut though the cluster has said all it had to say [C37]', async () => {
    const { promise: relayed, resolve } = Promise.withResolvers<RelayResponse>();
    await using front = await serveRelayed((relay) => {
      const controller = controllerWith(['Content-Type', 'application/json']);
      relay.onResponseStart(controller, 200);
      relay.onResponseData(controller, ENDLESS);
      relay.onResponseData(controller, Buffer.from('\n'));
      relay.onResponseEnd();
      resolve(relay);
    });
    const client = rawRequest(Number(new URL(front.url).port), 'GET / HTTP/1.1\r\nHost: x\r\n\r\n');
    await once(client, 'readable');
    const relay = await relayed;
    relay.end();
    await expect.poll(() => relay.ended).toBe(true);
    client.destroy();
  });
});

test('requests sent one behind the other, by a client that leaves, keep nothing open at the cluster', async () => {
  let [open, begun] = [0, 0];
  await using front = await startFront((_, response) => {
    open++;
    begun++;
    response.on('close', () => open--);
    response.writeHead(200).write(ENDLESS);
  });
  const client = rawRequest(front.port, 'GET /a HTTP/1.1\r\nHost: x\r\n\r\n'.repeat(5));
  await expect.poll(() => begun).toBe(5);
  client.destroy();
  await expect.poll(() => open).toBe(0);
  await expect.poll(() => front.running.map(({ ended }) => ended)).toEqual(Array(5).fill(true));
});
