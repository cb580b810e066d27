/** Attacks by whatever answers in a cluster's place: a pod behind services/proxy writes its own status line. */
import { createServer, get, type IncomingMessage, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import type { Dispatcher } from 'undici';
import { describe, expect, test } from 'vitest';
import type { UpstreamFailure } from './failure.ts';
import { RelayResponse } from './relay-response.ts';
import { listen, startFront, startRawUpstream } from './testing/front.ts';

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

/** Serves one answer that undici would report by these calls. */
async function serveRelayed(
  report: (relay: RelayResponse, response: ServerResponse) => void,
): Promise<{ url: string } & AsyncDisposable> {
  const server = createServer((_, response) => {
    const onFailure = ({ reason }: UpstreamFailure): void => void response.writeHead(502).end(reason);
    report(new RelayResponse(response, onFailure), response);
  });
  const url = `http://127.0.0.1:${await listen(server)}`;
  return { url, [Symbol.asyncDispose]: () => new Promise<void>((resolve) => void server.close(() => resolve())) };
}

test('a header that Node refuses to write ends as a failure of that request, under its own reason phrase', async () => {
  await using front = await serveRelayed((relay) => {
    const rawHeaders = ['X-Bad', 'a\u0000b'];
    const controller: Dispatcher.DispatchController = {
      rawHeaders,
      aborted: false,
      paused: false,
      reason: null,
      abort: () => undefined,
      pause: () => undefined,
      resume: () => undefined,
    };
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
    const relay = new RelayResponse(response, () => {
      throw new Error('nobody to tell');
    });
    relay.onResponseError(undefined, new Error('broken'));
  });
  await expect(fetchRaw(front.url)).rejects.toMatchObject({ code: 'ECONNRESET' });
});
