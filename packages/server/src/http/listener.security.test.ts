/** Attacks and accidents behind the door: nothing that happens to one request may hold or end the server. */
import { once } from 'node:events';
import { request } from 'node:http';
import { expect, test } from 'vitest';
import { COOKIE_MAX_BYTES, HEADERS_MAX_BYTES, PENDING_LOGINS_MAX } from '../constants.ts';
import { createEventLog } from '../log.ts';
import { openRaw, rawAnswer } from '../testing/raw.ts';
import type { Door } from './door.ts';
import { type Listener, listen } from './listener.ts';

const UPGRADE =
  'GET /clusters/main/exec HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n';

async function listenWith(door: Door, upgrade: Door): Promise<{ listener: Listener; logged: string[] }> {
  const logged: string[] = [];
  const log = createEventLog('debug', { write: (line: string) => void logged.push(line) });
  const listenOn = { port: 0, address: '127.0.0.1', tls: null };
  return { listener: await listen(listenOn, { door, upgrade, basePath: '', log }), logged };
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

test('more cookies than this server reads are a clean refusal that says so, and not one byte of them is logged [C25]', async () => {
  const { listener, logged } = await listenWith(answerOk, answerOk);
  const cookies = `lamplighter-session-x=c00kie-canary${'a'.repeat(HEADERS_MAX_BYTES)}`;
  const answer = await rawAnswer(listener.url, `GET /config HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: ${cookies}\r\n\r\n`);
  expect(answer).toMatch(/^HTTP\/1\.1 431 .*\r\nLamplighter-Reason: headers_too_large\r\n/s);
  expect(answer + logged.join('')).not.toContain('canary');
  await listener.close();
});

test('sixteen logins in flight, the largest there are, and a long bearer are still read [C25]', async () => {
  const { listener } = await listenWith(answerOk, answerOk);
  const cookies = Array.from({ length: PENDING_LOGINS_MAX }, (_, at) => `c${at}=${'a'.repeat(COOKIE_MAX_BYTES)}`);
  const headers = { cookie: cookies.join('; '), authorization: `Bearer ${'a'.repeat(16_384)}` };
  expect((await fetch(listener.url, { headers })).status).toBe(200);
  await listener.close();
});

test.each([
  ['/lamp/clusters/main/exec', 'upgrade'],
  ['/clusters/main/exec', 'request'],
  ['/lampx/clusters/main/exec', 'request'],
  ['/lamp/config', 'request'],
])('below the base path /lamp, a WebSocket asked for at %s is an %s', async (path, expected) => {
  const log = createEventLog('error', { write: () => undefined });
  const say =
    (text: string): Door =>
    async (_, outgoing) =>
      void outgoing.end(text);
  const deps = { door: say('request'), upgrade: say('upgrade'), basePath: '/lamp', log };
  const listener = await listen({ port: 0, address: '127.0.0.1', tls: null }, deps);
  expect(await rawAnswer(listener.url, UPGRADE.replace('/clusters/main/exec', path))).toContain(expected);
  await listener.close();
});
