import { createServer as createPlainServer, type RequestListener } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo, Server as NetServer } from 'node:net';
import { toIssuer } from '@lamplighter/auth-core';
import { describe, expect, test } from 'vitest';
import { makeCertificate } from '../testing/certificate.ts';
import { ask } from './ask-provider.ts';
import { discover } from './discovery.ts';
import { createProviderAgent, type ProviderTrust } from './provider-agent.ts';

async function listen(server: NetServer | Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, resolve));
  // Listening on a port always yields an AddressInfo.
  return (server.address() as AddressInfo).port;
}

describe('over TLS', () => {
  /** What a discovery over such a connection ends with, and how many requests got through. */
  async function ask(trustOf: (cert: string, other: string) => ProviderTrust): Promise<string> {
    const { cert, key } = await makeCertificate();
    const other = await makeCertificate();
    let seen = 0;
    const server = createServer({ cert, key }, (_, response) => {
      seen++;
      response.writeHead(404).end();
    });
    const port = await listen(server);
    const agent = createProviderAgent(trustOf(cert, other.cert));
    const asked = { issuer: toIssuer(`https://localhost:${port}`), validatorIssuer: null };
    const found = await discover(asked, agent.fetch, new AbortController().signal);
    await agent.close();
    server.closeAllConnections();
    server.close();
    return found.ok ? 'ok' : `${found.error}${found.lasting ? ', for good' : ''}, ${seen} seen`;
  }

  test.each<[string, (cert: string, other: string) => ProviderTrust, string]>([
    ['a provider of the configured authority is spoken to', (ca) => ({ ca, skipTlsVerify: false }), 'HTTP_404, 1 seen'],
    [
      'an impostor never sees a request',
      () => ({ ca: null, skipTlsVerify: false }),
      'DEPTH_ZERO_SELF_SIGNED_CERT, for good, 0 seen',
    ],
    [
      'an impostor of another authority never sees a request, although checks are off as well',
      (_, other) => ({ ca: other, skipTlsVerify: true }),
      'DEPTH_ZERO_SELF_SIGNED_CERT, for good, 0 seen',
    ],
    ['with checks off anybody is spoken to', () => ({ ca: null, skipTlsVerify: true }), 'HTTP_404, 1 seen'],
  ])('%s', async (_, trustOf, outcome) => {
    expect(await ask(trustOf)).toBe(outcome);
  });
});

async function withAgent<Value>(
  respond: RequestListener,
  use: (fetch: typeof globalThis.fetch, url: string) => Promise<Value>,
  timeoutMs?: number,
): Promise<Value> {
  const server = createPlainServer(respond);
  const port = await listen(server);
  const agent = createProviderAgent({ ca: null, skipTlsVerify: false }, timeoutMs);
  try {
    return await use(agent.fetch, `http://127.0.0.1:${port}/token`);
  } finally {
    await agent.close();
    server.closeAllConnections();
    server.close();
  }
}

test('a redirect is never followed: what was sent to a provider goes nowhere else [C12]', async () => {
  const paths: string[] = [];
  const status = await withAgent(
    (request, response) => {
      paths.push(request.url ?? '');
      response.writeHead(307, { location: '/elsewhere' }).end();
    },
    async (fetch, url) => (await fetch(url, { method: 'POST', body: 'code=c' })).status,
  );
  expect([status, paths]).toEqual([307, ['/token']]);
});

test('an answer that never ends is given up when whoever asked gives up', async () => {
  const rejected = await withAgent(
    (_, response) => void response.writeHead(200).write('x'),
    async (fetch, url) => {
      const asking = new AbortController();
      const answer = fetch(url, { signal: asking.signal });
      asking.abort();
      return answer.catch((error: unknown) => error);
    },
  );
  expect(rejected).toMatchObject({ name: 'AbortError' });
});

test.each<[string, RequestListener]>([
  ['never answers', () => undefined],
  ['answers and says nothing', (_, response) => void response.writeHead(200).write('{')],
  [
    'drips its answer',
    (_, response) => {
      response.writeHead(200);
      const dripping = setInterval(() => response.write(' '), 5);
      response.once('close', () => clearInterval(dripping));
    },
  ],
])('a provider that %s is given up after a while, whatever it keeps sending', async (_, respond) => {
  const asked = await withAgent(respond, (fetch, url) => ask(() => fetch(url)), 60);
  expect(asked).toEqual({ ok: false, refusal: { reason: 'provider_unreachable', error: 'TIMEOUT' } });
});

test.each([
  ['an error without a code', new Error('x')],
  ['a TypeError of our own', new TypeError('x is not a function')],
  [
    'a complaint of the library about how it is used',
    Object.assign(new TypeError('x'), { code: 'ERR_INVALID_ARG_TYPE' }),
  ],
  ['no error at all', 'x'],
])('%s is not blamed on the provider', async (_, thrown) => {
  await expect(ask(() => Promise.reject(thrown))).rejects.toBe(thrown);
});
