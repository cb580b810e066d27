/** What every handler of ours is given: the request, and what the door already found out about it. */
import type { IncomingMessage } from 'node:http';
import type { QueryPairs, Refusal } from '@lamplighter/auth-core';
import type { AuditedCall } from '../audit.ts';
import type { Cluster } from '../clusters/registry.ts';
import type { PublicOrigin } from '../http/public-origin.ts';

export interface Exchange {
  readonly request: Request;
  /** For raw headers, which `Request` joins and normalises. */
  readonly incoming: IncomingMessage;
  readonly origin: PublicOrigin;
  readonly query: QueryPairs;
  /** The segment that names one of a person's sessions, as written; null where the route has none. */
  readonly handle: string | null;
  /** What the audit trail calls this request. */
  readonly call: AuditedCall;
  /** Whether the connection comes from one of `--trusted-proxies`: only then does an identity header mean anything. */
  readonly fromTrustedProxy: boolean;
}

/** What of a request decides whose it is. */
export type Asker = Pick<Exchange, 'incoming' | 'origin' | 'fromTrustedProxy'>;

/** A refusal on its way to the door, which words it for whoever asked and writes it down. */
export interface Refused {
  readonly refusal: Refusal;
  /** `Set-Cookie` values. */
  readonly cookies: readonly string[];
}

export function refused(refusal: Refusal, cookies: readonly string[] = []): Refused {
  return { refusal, cookies };
}

export type Outcome = Response | Refused;

/** A route without `{cluster}`. */
export type Handler = (exchange: Exchange) => Promise<Outcome>;

/** A route with `{cluster}`; a cluster nobody knows never gets this far. */
export type ClusterHandler = (exchange: Exchange, cluster: Cluster) => Promise<Outcome>;
