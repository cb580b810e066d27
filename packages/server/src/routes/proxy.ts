/** Everything else below /clusters/{cluster}: decides whose bearer goes up, then leaves both streams to the proxy. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { parseUpstreamPath } from '@lamplighter/proxy';
import type { Cluster } from '../clusters/registry.ts';
import type { PublicOrigin } from '../http/public-origin.ts';
import type { EventLog } from '../log.ts';
import type { Sessions } from '../sessions/sessions.ts';
import { decideCredential } from './decide-credential.ts';
import { type Refused, refused } from './exchange.ts';

export interface ProxyDeps {
  readonly sessions: Sessions;
  readonly log: EventLog;
}

export interface ProxyCall {
  readonly incoming: IncomingMessage;
  readonly outgoing: ServerResponse;
  readonly origin: PublicOrigin;
  readonly cluster: Cluster;
  /** The raw target after the cluster's segment. */
  readonly rest: string;
  /** Answers instead of the cluster. */
  readonly refuse: (refused: Refused) => Promise<void>;
}

export type ProxyHandler = (call: ProxyCall) => Promise<void>;

export function createProxyHandler({ sessions, log }: ProxyDeps): ProxyHandler {
  return async ({ incoming, outgoing, origin, cluster, rest, refuse }) => {
    const decision = await decideCredential(incoming, cluster, origin.scheme, sessions);
    if (!decision.ok) return refuse(decision);
    const path = parseUpstreamPath(rest, cluster.connection.upstream.basePath);
    if (path === undefined) return refuse(refused({ reason: 'path_refused' }));
    cluster.connection.forward({
      request: incoming,
      response: outgoing,
      path,
      credential: decision.credential,
      onFailure: ({ reason, cause }) => {
        log.clusterFailure(cluster.name, reason, cause);
        refuse(refused({ reason })).catch((error: unknown) => {
          log.failure(error);
          outgoing.destroy();
        });
      },
    });
  };
}
