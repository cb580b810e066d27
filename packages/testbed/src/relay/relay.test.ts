import { createServer } from 'node:https';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Authority, createAuthority } from '../certificates/authority.ts';
import { type TrustingFetch, trustingFetch } from '../certificates/trusting-fetch.ts';
import { type RelayUpstream, type StartedRelay, startRelay } from './relay.ts';

let authority: Authority;
let relay: StartedRelay;
let trusting: TrustingFetch;
let stack: AsyncDisposableStack;

beforeEach(async () => {
  stack = new AsyncDisposableStack();
  authority = await createAuthority('test');
  relay = stack.use(await startRelay('dex', await authority.issue({ commonName: 'relay', serves: ['localhost'] })));
  trusting = stack.use(trustingFetch(authority.certificate));
});
afterEach(() => stack.disposeAsync());

/** A provider that answers with what it was asked. */
async function provider(): Promise<RelayUpstream> {
  const leaf = await authority.issue({ commonName: 'dex', serves: ['localhost'] });
  const server = createServer({ cert: leaf.certificate, key: leaf.key }, (request, response) => {
    response.writeHead(201, { 'x-host': request.headers.host, 'set-cookie': ['a=1', 'b=2'] });
    response.write(`${request.method} ${request.url} `);
    request.pipe(response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  stack.defer(() => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(() => resolve()));
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return { host: '127.0.0.1', port: address.port, ca: authority.certificate };
}

describe('the relay in front of a provider', () => {
  it('passes method, path, body, status and headers through, and keeps the Host people wrote', async () => {
    relay.connect(await provider());
    const answer = await trusting.fetch(`${relay.origin}/dex/token?x=%2F`, { method: 'POST', body: 'grant' });
    expect(answer.status).toBe(201);
    expect(await answer.text()).toBe('POST /dex/token?x=%2F grant');
    expect(answer.headers.get('x-host')).toBe(`localhost:${relay.port}`);
    expect(answer.headers.getSetCookie()).toEqual(['a=1', 'b=2']);
  });

  it('holds a request that comes before the provider has started, and answers it then', async () => {
    const early = trusting.fetch(`${relay.origin}/early`);
    relay.connect(await provider());
    expect(await (await early).text()).toBe('GET /early ');
  });

  it('says 502 when the provider is gone', async () => {
    const upstream = await provider();
    relay.connect({ ...upstream, port: 1 });
    const answer = await trusting.fetch(`${relay.origin}/`);
    expect([answer.status, await answer.text()]).toEqual([502, 'dex gave no answer.\n']);
  });

  it('can be ended while requests are held', async () => {
    const held = trusting.fetch(`${relay.origin}/never`).catch(() => 'cut');
    await stack.disposeAsync();
    expect(await held).toBe('cut');
  });
});
