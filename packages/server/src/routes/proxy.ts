/** Everything else below /clusters/{cluster}: decides whose bearer goes up, then leaves both streams to the proxy. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { parseUpstreamPath } from '@lamplighter/proxy';
import type { AuditedCall, AuditedPerson, AuditLog } from '../audit.ts';
import type { Cluster } from '../clusters/registry.ts';
import type { PublicOrigin } from '../http/public-origin.ts';
import type { EventLog } from '../log.ts';
import { tell } from '../respond.ts';
import type { ClusterDoubts } from '../streams/cluster-doubts.ts';
import type { OpenStreams } from '../streams/open-streams.ts';
import { personOfDecision } from './audited-person.ts';
import { type CredentialSources, decideCredential } from './decide-credential.ts';
import { type Refused, refused } from './exchange.ts';

export interface ProxyDeps {
  readonly sources: CredentialSources;
  readonly streams: OpenStreams;
  readonly doubts: ClusterDoubts;
  readonly audit: AuditLog;
  readonly log: EventLog;
}

export interface ProxyCall {
  readonly incoming: IncomingMessage;
  readonly outgoing: ServerResponse;
  readonly origin: PublicOrigin;
  readonly call: AuditedCall;
  readonly fromTrustedProxy: boolean;
  readonly cluster: Cluster;
  /** The raw target after the cluster's segment. */
  readonly rest: string;
  /** Answers instead of the cluster. */
  readonly refuse: (refused: Refused) => Promise<void>;
}

export type ProxyHandler = (call: ProxyCall) => Promise<void>;

export function createProxyHandler(deps: ProxyDeps): ProxyHandler {
  return async (asked) => {
    const { incoming, outgoing, call, cluster, rest, refuse } = asked;
    const decision = await decideCredential(asked, cluster, deps.sources);
    if (!decision.ok) return refuse(decision);
    const path = parseUpstreamPath(rest, cluster.connection.upstream.basePath);
    if (path === undefined) return refuse(refused({ reason: 'path_refused' }));
    const person = personOfDecision(decision);
    const session = decision.from === 'session' ? decision.session : null;
    const running = cluster.connection.forward({
      request: incoming,
      response: outgoing,
      path,
      credential: decision.credential,
      auditId: call.requestId,
      onAnswer: (status) => {
        writeDown(asked, person, status, deps.audit);
        if (status === 401 && session !== null) deps.doubts.refused(session, cluster);
      },
      onFailure: ({ reason, cause }) => {
        deps.log.clusterFailure(cluster.name, reason, cause);
        // What became of a write that got no answer is for the cluster's own audit log; that it was sent stands in ours.
        writeDown(asked, person, tell({ reason }).status, deps.audit);
        refuse(refused({ reason })).catch((error: unknown) => {
          deps.log.failure(error);
          outgoing.destroy();
        });
      },
    });
    if (session !== null) deps.streams.track(session, cluster, running);
  };
}

const READS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);

function writeDown(
  { incoming, call, cluster }: ProxyCall,
  person: AuditedPerson | null,
  status: number,
  audit: AuditLog,
): void {
  const facts = { cluster: cluster.name, person, status };
  if (!READS.has(incoming.method ?? '')) audit.write(call, facts);
  if (status === 401 || status === 403) audit.denied(call, { ...facts, reason: null });
}
