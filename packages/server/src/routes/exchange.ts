/** What every handler of ours is given: the request, and what the door already found out about it. */
import type { IncomingMessage } from 'node:http';
import type { QueryPairs } from '@lamplighter/auth-core';
import type { Cluster } from '../clusters/registry.ts';
import type { PublicOrigin } from '../http/public-origin.ts';

export interface Exchange {
  readonly request: Request;
  /** For raw headers, which `Request` joins and normalises. */
  readonly incoming: IncomingMessage;
  readonly origin: PublicOrigin;
  readonly query: QueryPairs;
}

/** A route without `{cluster}`. */
export type Handler = (exchange: Exchange) => Promise<Response>;

/** A route with `{cluster}`; a cluster nobody knows never gets this far. */
export type ClusterHandler = (exchange: Exchange, cluster: Cluster) => Promise<Response>;
