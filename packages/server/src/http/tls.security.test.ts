/** Attacks and accidents on the port that speaks TLS. */
import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { get as getOverTls } from 'node:https';
import { connect as connectTcp } from 'node:net';
import { text } from 'node:stream/consumers';
import tls, { connect, type SecureVersion, type TLSSocket } from 'node:tls';
import { expect, test } from 'vitest';
import { createEventLog } from '../log.ts';
import { makeCertificate } from '../testing/certificate.ts';
import { openDoor } from '../testing/door.ts';
import type { Door } from './door.ts';
import { type Listener, listen } from './listener.ts';

const { cert, key } = await makeCertificate();

interface Secured extends AsyncDisposable {
  readonly listener: Listener;
  readonly port: number;
  readonly logged: readonly string[];
}

const answerOk: Door = async (_, outgoing) => void outgoing.end('ok');

async function listenOverTls(door: Door = answerOk): Promise<Secured> {
  const logged: string[] = [];
  const log = createEventLog('debug', { write: (line: string) => void logged.push(line) });
  const listenOn = { port: 0, address: '127.0.0.1', tls: { cert, key } };
  const listener = await listen(listenOn, { door, upgrade: door, basePath: '', log });
  const port = Number(new URL(listener.url).port);
  return { listener, port, logged, [Symbol.asyncDispose]: () => listener.close() };
}

async function ask({ port }: Secured): Promise<string> {
  const sent = getOverTls({ host: '127.0.0.1', port, servername: 'localhost', ca: cert, agent: false });
  const [answer] = (await once(sent, 'response')) as [IncomingMessage];
  return text(answer);
}

async function handshake(port: number, version: SecureVersion): Promise<TLSSocket> {
  // OpenSSL's own default would not even offer the old ones.
  const versions = { minVersion: version, maxVersion: version, ciphers: 'DEFAULT@SECLEVEL=0' };
  const socket = connect({ port, host: '127.0.0.1', servername: 'localhost', ca: cert, ...versions });
  await once(socket, 'secureConnect');
  return socket;
}

test('requests are answered over TLS, and the address says so', async () => {
  await using secured = await listenOverTls();
  expect(secured.listener.url).toMatch(/^https:\/\/127\.0\.0\.1:\d+$/);
  expect(await ask(secured)).toBe('ok');
});

test.each(['TLSv1', 'TLSv1.1'] as const)(
  'a client that speaks %s only is turned away, even where the machine would still allow it',
  async (version) => {
    const { DEFAULT_MIN_VERSION, DEFAULT_CIPHERS } = tls;
    Object.assign(tls, { DEFAULT_MIN_VERSION: 'TLSv1', DEFAULT_CIPHERS: 'DEFAULT@SECLEVEL=0' });
    try {
      await using secured = await listenOverTls();
      await expect(handshake(secured.port, version)).rejects.toThrow(/protocol version/);
      expect(await ask(secured)).toBe('ok');
    } finally {
      Object.assign(tls, { DEFAULT_MIN_VERSION, DEFAULT_CIPHERS });
    }
  },
);

test.each(['TLSv1.2', 'TLSv1.3'] as const)('a client that speaks %s is served', async (version) => {
  await using secured = await listenOverTls();
  const socket = await handshake(secured.port, version);
  expect(socket.getProtocol()).toBe(version);
  socket.destroy();
});

test('plain http on the TLS port is closed without a word, and harms nobody', async () => {
  await using secured = await listenOverTls();
  const [error] = await once(get(`http://127.0.0.1:${secured.port}/config`), 'error');
  expect(error).toMatchObject({ code: expect.stringMatching(/^(ECONNRESET|HPE_INVALID_CONSTANT)$/) });
  await expect.poll(() => secured.logged.join('')).toContain('"event":"handshake_failed"');
  expect(await ask(secured)).toBe('ok');
});

test.each([
  ['noise', Buffer.from([0, 1, 2, 3, 255, 254, 0, 0, 0, 0, 0])],
  ['half a greeting', Buffer.from([0x16, 0x03, 0x01, 0x02, 0x00, 0x01])],
  ['nothing', Buffer.alloc(0)],
])('a connection that sends %s and leaves harms nobody', async (_, bytes) => {
  await using secured = await listenOverTls();
  for (let round = 0; round < 20; round++) {
    const socket = connectTcp({ port: secured.port, host: '127.0.0.1' });
    await once(socket, 'connect');
    socket.end(bytes);
    socket.on('error', () => undefined);
    await once(socket.resume(), 'close');
  }
  expect(await ask(secured)).toBe('ok');
});

test('a client that never finishes its handshake does not hold up the end of the server', async () => {
  const secured = await listenOverTls();
  const socket = connectTcp({ port: secured.port, host: '127.0.0.1' });
  await once(socket, 'connect');
  socket.write(Buffer.from([0x16, 0x03, 0x01]));
  const closed = once(socket.resume(), 'close');
  const start = performance.now();
  await secured.listener.close();
  expect(performance.now() - start).toBeLessThan(2_000);
  await closed;
});

test('a stream over TLS that never ends does not hold up the end of the server', async () => {
  const secured = await listenOverTls(async (_, outgoing) => void outgoing.write('first event'));
  const socket = await handshake(secured.port, 'TLSv1.3');
  socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
  socket.on('error', () => undefined);
  await once(socket, 'data');
  const closed = once(socket.resume(), 'close');
  const start = performance.now();
  await secured.listener.close();
  expect(performance.now() - start).toBeLessThan(2_000);
  await closed;
});

test('what is no HTTP inside TLS is answered with its reason, as in the clear', async () => {
  await using secured = await listenOverTls();
  const socket = await handshake(secured.port, 'TLSv1.3');
  socket.write('hello\r\n\r\n');
  expect(await text(socket)).toMatch(/^HTTP\/1\.1 400 .*\r\nLamplighter-Reason: request_malformed\r\n/s);
});

test('an upgrade over TLS is answered and closed on both sides', async () => {
  await using secured = await listenOverTls(async (_, outgoing) => void outgoing.writeHead(501).end('not built'));
  const socket = await handshake(secured.port, 'TLSv1.3');
  socket.write('GET /clusters/main/exec HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n');
  expect(await text(socket)).toMatch(/^HTTP\/1\.1 501 .*not built/s);
});

test('over TLS the server knows that browsers use https, and believes no header that says otherwise [C24]', async () => {
  const seen: string[] = [];
  await using inner = await openDoor(
    {
      config: async ({ origin }) => {
        seen.push(origin.scheme);
        return new Response('{}');
      },
    },
    { native: true, isTrustedProxy: () => true },
  );
  await inner.visitor.get('/config', { 'x-forwarded-proto': 'http' });
  expect(seen).toEqual(['https']);
});
