/** Attacks and accidents behind the door: nothing that happens to one request may hold or end the server. */
import { once } from 'node:events';
import { request } from 'node:http';
import { expect, test } from 'vitest';
import { createEventLog } from '../log.ts';
import { openRaw } from '../testing/raw.ts';
import type { Door } from './door.ts';
import { type Listener, listen } from './listener.ts';

const UPGRADE =
  'GET /clusters/main/exec HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n';

async function listenWith(door: Door, upgrade: Door): Promise<{ listener: Listener; logged: string[] }> {
  const logged: string[] = [];
  const log = createEventLog('debug', { write: (line: string) => void logged.push(line) });
  return { listener: await listen({ port: 0, address: '127.0.0.1' }, door, upgrade, log), logged };
}

const answerOk: Door = async (_, outgoing) => void outgoing.end('ok');

test('an upgrade that is never answered does not hold up the end of the server', async () => {
  const { promise: entered, resolve: enter } = Promise.withResolvers<void>();
  const { listener } = await listenWith(answerOk, () => {
    enter();
    return new Promise(() => undefined);
  });
  const socket = openRaw(listener.url, UPGRADE);
  await entered;
  const closed = once(socket.resume(), 'close');
  const start = performance.now();
  await listener.close();
  expect(performance.now() - start).toBeLessThan(2_000);
  socket.end();
  await closed;
});

test('a door that throws ends that request, is logged, and the next request is answered', async () => {
  const failOnce = (): Door => {
    let failed = false;
    return async (incoming, outgoing) => {
      if (failed) return answerOk(incoming, outgoing);
      failed = true;
      throw new TypeError('broken');
    };
  };
  const { listener, logged } = await listenWith(failOnce(), failOnce());
  const sent = request(listener.url);
  sent.end();
  expect(await once(sent, 'error')).toMatchObject([{ code: 'ECONNRESET' }]);
  const socket = openRaw(listener.url, UPGRADE);
  await once(socket.resume(), 'end');
  socket.destroy();
  expect(await (await fetch(listener.url)).text()).toBe('ok');
  expect(logged.filter((line) => line.includes('"event":"failure"') && line.includes('TypeError')).length).toBe(2);
  await listener.close();
});
