import { once } from 'node:events';
import { get, type IncomingMessage, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { CLOSE_GRACE_MS } from '../constants.ts';
import { createEventLog } from '../log.ts';
import { openRaw } from '../testing/raw.ts';
import type { Door } from './door.ts';
import { type Listener, listen } from './listener.ts';

const listenWith = (door: Door): Promise<Listener> => {
  const log = createEventLog('error', { write: () => undefined });
  return listen({ port: 0, address: '127.0.0.1', tls: null }, { door, upgrade: door, basePath: '', log });
};

/** A door that answers only when it is told to. */
function slowDoor(): { door: Door; entered: Promise<ServerResponse> } {
  const { promise: entered, resolve } = Promise.withResolvers<ServerResponse>();
  return { door: async (_, outgoing) => resolve(outgoing), entered };
}

async function timed(closing: Promise<void>): Promise<number> {
  const start = performance.now();
  await closing;
  return performance.now() - start;
}

test('a request that is under way when the end begins is answered in full, and the end waits for nothing else', async () => {
  const { door, entered } = slowDoor();
  const listener = await listenWith(door);
  const sent = get(listener.url, { headers: { connection: 'keep-alive' } });
  const answered = once(sent, 'response');
  const outgoing = await entered;
  const closed = timed(listener.close());
  outgoing.end('in full');
  const [answer] = (await answered) as [IncomingMessage];
  expect(await text(answer)).toBe('in full');
  expect(answer.headers.connection).toBe('close');
  expect(await closed).toBeLessThan(CLOSE_GRACE_MS);
});

test('an answer whose headers had promised to keep the connection does not hold up the end', async () => {
  const { door, entered } = slowDoor();
  const listener = await listenWith(door);
  const socket = openRaw(listener.url, 'GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n');
  const received = text(socket);
  const outgoing = await entered;
  outgoing.writeHead(200, { 'Content-Length': 4 });
  outgoing.write('ha');
  const closed = timed(listener.close());
  outgoing.end('lf');
  expect(await received).toMatch(/\r\n\r\nhalf$/);
  expect(await closed).toBeLessThan(CLOSE_GRACE_MS);
  socket.destroy();
});

test('nobody new gets in once the end has begun, and who is idle is let go at once', async () => {
  const { door, entered } = slowDoor();
  const listener = await listenWith(async (incoming, outgoing) => {
    if (incoming.url === '/idle') return void outgoing.end('ok');
    return door(incoming, outgoing);
  });
  const idle = openRaw(listener.url, 'GET /idle HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n');
  await once(idle, 'data');
  const sent = get(`${listener.url}/slow`);
  const answered = once(sent, 'response');
  const outgoing = await entered;
  const closed = listener.close();
  await once(idle.resume(), 'end');
  idle.destroy();
  const [error] = await once(get(listener.url), 'error');
  expect(error).toMatchObject({ code: 'ECONNREFUSED' });
  outgoing.end();
  const [answer] = (await answered) as [IncomingMessage];
  answer.resume();
  await closed;
});

test('a stream that never ends is cut when the grace is over', async () => {
  const { door, entered } = slowDoor();
  const listener = await listenWith(door);
  const sent = get(listener.url);
  const answered = once(sent, 'response');
  (await entered).write('first event');
  const [answer] = (await answered) as [IncomingMessage];
  const cut = once(answer, 'error');
  answer.resume();
  const took = await timed(listener.close());
  expect(took).toBeGreaterThan(CLOSE_GRACE_MS - 50);
  expect(took).toBeLessThan(CLOSE_GRACE_MS + 1_000);
  expect(await cut).toMatchObject([{ code: 'ECONNRESET' }]);
});

test('a connection that has said nothing yet does not hold up the end', async () => {
  const listener = await listenWith(async (_, outgoing) => void outgoing.end());
  const socket = openRaw(listener.url, '');
  await once(socket, 'connect');
  const closed = once(socket.resume(), 'close');
  expect(await timed(listener.close())).toBeLessThan(CLOSE_GRACE_MS + 1_000);
  socket.destroy();
  await closed;
});
