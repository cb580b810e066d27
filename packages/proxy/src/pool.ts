/** Owns the connections to one cluster: how many, how secured, how long each phase may take. */
import { Pool } from 'undici';
import { ANSWER_HEADERS_MAX_BYTES, BODY_TIMEOUT_MS, CONNECT_TIMEOUT_MS, HEADERS_TIMEOUT_MS } from './constants.ts';
import type { Upstream } from './target.ts';

/** Defaults: constants.ts. A test that waits for a time-out shortens them; nothing else does. */
export interface PoolTimeouts {
  readonly connectMs: number;
  readonly headersMs: number;
}

export const DEFAULT_TIMEOUTS: PoolTimeouts = { connectMs: CONNECT_TIMEOUT_MS, headersMs: HEADERS_TIMEOUT_MS };

/**
 * HTTP/1.1, one request at a time on a connection, and as many connections as there are requests: a watch occupies its connection for
 * hours, so any limit would one day leave no connection for a list. Connections carry no identity; each request brings its bearer.
 */
export function createPool({ origin, tls }: Upstream, { connectMs, headersMs }: PoolTimeouts): Pool {
  return new Pool(origin, {
    connections: null,
    pipelining: 1,
    allowH2: false,
    maxHeaderSize: ANSWER_HEADERS_MAX_BYTES,
    headersTimeout: headersMs,
    bodyTimeout: BODY_TIMEOUT_MS,
    connect: {
      timeout: connectMs,
      rejectUnauthorized: !tls.insecureSkipTlsVerify,
      ...(tls.ca === undefined ? {} : { ca: tls.ca }),
      ...(tls.serverName === undefined ? {} : { servername: tls.serverName }),
    },
  });
}
