/** What a client gets to see when the session behind a running exchange is over. */
import { once } from 'node:events';
import { get, type IncomingMessage, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { type Front, startFront } from './testing/front.ts';

const WATCH = '/api/v1/pods?watch=1';
const ADDED = '{"type":"ADDED","object":{"kind":"Pod"}}\n';

interface OpenExchange {
  readonly answer: IncomingMessage;
  /** The cluster's side. */
  readonly cluster: ServerResponse;
  readonly end: () => void;
}

/** Begins one and waits until its answer's headers, and what the cluster says first, have arrived. */
async function begin(front: Front, path: string): Promise<OpenExchange> {
  const reached = once(front.upstream, 'request');
  const [answer] = (await once(get(front.url + path), 'response')) as [IncomingMessage];
  const [, cluster] = (await reached) as [IncomingMessage, ServerResponse];
  const [running] = front.running;
  if (running === undefined) throw new Error('it was forwarded');
  return { answer, cluster, end: () => running.end() };
}

const json =
  (first = '') =>
  (_: IncomingMessage, response: ServerResponse): void => {
    response.writeHead(200, { 'Content-Type': 'application/json' });
    response.flushHeaders();
    if (first !== '') response.write(first);
  };

function lastEvent(body: string): unknown {
  return JSON.parse(body.trimEnd().split('\n').at(-1) ?? '');
}

const UNAUTHORIZED = { type: 'ERROR', object: { kind: 'Status', apiVersion: 'v1', reason: 'Unauthorized', code: 401 } };

describe('a watch whose session is over', () => {
  test('ends with a 401 event, and ends at the cluster [C37]', async () => {
    await using front = await startFront(json(ADDED));
    const { answer, cluster, end } = await begin(front, WATCH);
    const closed = once(cluster, 'close');
    const [first] = await once(answer, 'data');
    end();
    const rest = await text(answer);
    expect(String(first)).toBe(ADDED);
    expect(lastEvent(rest)).toMatchObject(UNAUTHORIZED);
    await closed;
    expect(front.running[0]?.ended).toBe(true);
  });

  test('that has had no event yet ends with the 401 event alone [C37]', async () => {
    await using front = await startFront(json());
    const { answer, end } = await begin(front, `${WATCH}&resourceVersion=7`);
    end();
    const body = await text(answer);
    expect(body.split('\n').length).toBe(2);
    expect(lastEvent(body)).toMatchObject(UNAUTHORIZED);
  });

  test('in the middle of an event gets the rest of it first, and nothing after [C37]', async () => {
    await using front = await startFront(json(ADDED.slice(0, 10)));
    const { answer, cluster, end } = await begin(front, WATCH);
    const [first] = await once(answer, 'data');
    end();
    cluster.write(`${ADDED.slice(10)}{"type":"DELETED"}\n`);
    const body = `${first}${await text(answer)}`;
    expect(body.startsWith(ADDED)).toBe(true);
    expect(body.split('\n').length).toBe(3);
    expect(lastEvent(body)).toMatchObject(UNAUTHORIZED);
  });

  test('in an event that does not go on is cut, and never looks whole [C37]', async () => {
    await using front = await startFront(json(ADDED.slice(0, 10)));
    const { answer, cluster, end } = await begin(front, WATCH);
    const closed = once(cluster, 'close');
    await once(answer, 'data');
    end();
    await expect(text(answer)).rejects.toThrow('aborted');
    await closed;
  });

  test('ends once, however often it is told', async () => {
    await using front = await startFront(json(ADDED));
    const { answer, end } = await begin(front, WATCH);
    await once(answer, 'data');
    end();
    end();
    expect((await text(answer)).split('\n').length).toBe(2);
    end();
  });
});

describe('cut, because no event can be written there, is', () => {
  const gzip = gzipSync(ADDED);
  test.each<[string, string, Record<string, string>, string | Buffer]>([
    ['a watch in gzip', WATCH, { 'Content-Type': 'application/json', 'Content-Encoding': 'gzip' }, gzip],
    ['a watch in protobuf', WATCH, { 'Content-Type': 'application/vnd.kubernetes.protobuf;stream=watch' }, 'k8s'],
    ['a log', '/api/v1/namespaces/a/pods/b/log?follow=1', { 'Content-Type': 'text/plain' }, 'line\n'],
    ['a list', '/api/v1/pods', { 'Content-Type': 'application/json' }, '{"items":[\n'],
    ['a list that says it is no watch', '/api/v1/pods?watch=false', { 'Content-Type': 'application/json' }, '{\n'],
    ['an answer of known length', WATCH, { 'Content-Type': 'application/json', 'Content-Length': '99' }, '{\n'],
    [
      'what a workload answers',
      '/api/v1/namespaces/a/services/b/proxy/x?watch=1',
      { 'Content-Type': 'application/json' },
      '{}\n',
    ],
  ])('%s [C37]', async (_, path, headers, first) => {
    await using front = await startFront((__, response) => void response.writeHead(200, headers).write(first));
    const { answer, cluster, end } = await begin(front, path);
    const closed = once(cluster, 'close');
    const received: Buffer[] = [];
    answer.on('data', (chunk: Buffer) => received.push(chunk));
    await once(answer, 'data');
    const cut = once(answer, 'error');
    end();
    expect(String(await cut)).toContain('aborted');
    expect(Buffer.concat(received)).toEqual(Buffer.from(first));
    await closed;
  });

  test('a request the cluster has not answered yet [C37]', async () => {
    await using front = await startFront(() => undefined);
    const reached = once(front.upstream, 'request');
    const sent = get(front.url);
    const failed = once(sent, 'error');
    const [, cluster] = (await reached) as [IncomingMessage, ServerResponse];
    const closed = once(cluster, 'close');
    front.running[0]?.end();
    expect(await failed).toMatchObject([{ code: 'ECONNRESET' }]);
    await closed;
    expect([front.failures, front.answers]).toEqual([[], []]);
  });
});

test('an exchange tells its end to everybody who asks, before and after', async () => {
  await using front = await startFront((_, response) => void response.end('done'));
  const [answer] = (await once(get(front.url), 'response')) as [IncomingMessage];
  const told: string[] = [];
  front.running[0]?.onEnd(() => told.push('before'));
  await text(answer);
  await expect.poll(() => front.running[0]?.ended).toBe(true);
  front.running[0]?.onEnd(() => told.push('after'));
  front.running[0]?.end();
  expect(told).toEqual(['before', 'after']);
  expect(front.answers).toEqual([200]);
});
