/** Owns the HTTPS front of a provider: the one URL that browser, target and API server know it by. Passes everything through, and holds requests while the provider is still starting. */
import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { createServer, request as httpsRequest } from 'node:https';
import { pipeline } from 'node:stream/promises';
import type { KeyPair } from '../certificates/authority.ts';
import { RELAY_HOLD_MS } from '../constants.ts';

/** Where the provider really listens. */
export interface RelayUpstream {
  readonly host: string;
  readonly port: number;
  /** PEM of the authority that signed its certificate. */
  readonly ca: string;
}

export interface StartedRelay extends AsyncDisposable {
  /** `https://localhost:<port>`. */
  readonly origin: string;
  readonly port: number;
  /** Lets waiting requests through, and all later ones. */
  connect(upstream: RelayUpstream): void;
}

/** The provider's own answer, or a 502 that says it gave none. */
async function passThrough(request: IncomingMessage, response: ServerResponse, upstream: RelayUpstream): Promise<void> {
  const { host, port, ca } = upstream;
  const options = { host, port, ca, servername: 'localhost', method: request.method, path: request.url };
  const onward = httpsRequest({ ...options, headers: request.headers });
  const answer = new Promise<IncomingMessage>((resolve, reject) => {
    onward.once('response', resolve);
    onward.once('error', reject);
  });
  const [answered] = await Promise.all([answer, pipeline(request, onward)]);
  const headers: OutgoingHttpHeaders = answered.headers;
  response.writeHead(answered.statusCode ?? 502, answered.statusMessage, headers);
  await pipeline(answered, response);
}

function fail(response: ServerResponse, status: number, sentence: string): void {
  if (response.headersSent) response.destroy();
  else response.writeHead(status, { 'content-type': 'text/plain' }).end(`${sentence}\n`);
}

/**
 * Starts a relay on a port the system gives.
 *
 * @param name The provider's, for its messages.
 * @param leaf A certificate for `localhost`.
 */
export async function startRelay(name: string, leaf: KeyPair): Promise<StartedRelay> {
  const { promise: connected, resolve: connect } = Promise.withResolvers<RelayUpstream>();
  const held = new Set<() => void>();
  const upstreamOrGiveUp = async (): Promise<RelayUpstream | undefined> => {
    const { promise: givenUp, resolve } = Promise.withResolvers<undefined>();
    const giveUp = (): void => resolve(undefined);
    const timer = setTimeout(giveUp, RELAY_HOLD_MS);
    held.add(giveUp);
    try {
      return await Promise.race([connected, givenUp]);
    } finally {
      clearTimeout(timer);
      held.delete(giveUp);
    }
  };
  const server = createServer({ cert: leaf.certificate, key: leaf.key }, async (request, response) => {
    try {
      const upstream = await upstreamOrGiveUp();
      if (upstream === undefined) fail(response, 503, `${name} has not started yet.`);
      else await passThrough(request, response, upstream);
    } catch {
      fail(response, 502, `${name} gave no answer.`);
    }
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host: '127.0.0.1', port: 0 }, resolve);
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('A TCP listener always has a port.');
  return {
    origin: `https://localhost:${address.port}`,
    port: address.port,
    connect,
    [Symbol.asyncDispose]: async () => {
      for (const giveUp of held) giveUp();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
