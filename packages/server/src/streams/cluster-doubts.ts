/**
 * Owns what becomes of a session whose bearer its cluster refused. One 401 ends nothing: a cluster that has just started, or cannot reach
 * the provider, refuses everybody. A session ends whose bearer is refused again a while later, though the provider answers.
 */
import type { SessionId } from '@lamplighter/auth-core';
import type { AuditLog } from '../audit.ts';
import type { Cluster } from '../clusters/registry.ts';
import { CLUSTER_DOUBT_MS, CLUSTER_DOUBTS_MAX } from '../constants.ts';
import type { EventLog } from '../log.ts';
import type { ProviderSource } from '../oidc/provider.ts';
import { personOfSession } from '../routes/audited-person.ts';
import type { FoundSession, Sessions } from '../sessions/sessions.ts';
import { StoreUnavailable } from '../sessions/store.ts';
import type { ReviewSession } from './review-session.ts';

export interface ClusterDoubts {
  /** The cluster answered 401 to this session's bearer. While a session is in doubt already, nothing more comes of it. Returns at once. */
  refused(found: FoundSession, cluster: Cluster): void;
  /** What is in doubt stays undecided; whoever is refused again raises it again. */
  close(): Promise<void>;
}

export interface ClusterDoubtsDeps {
  readonly review: ReviewSession;
  readonly sessions: Pick<Sessions, 'end'>;
  /** Null: this server has none, so none can be to blame. */
  readonly provider: Pick<ProviderSource, 'get'> | null;
  readonly audit: Pick<AuditLog, 'sessionsEnded'>;
  readonly log: Pick<EventLog, 'failure'>;
  /** Default: `CLUSTER_DOUBT_MS`. */
  readonly doubtMs?: number;
  /** Default: `CLUSTER_DOUBTS_MAX`. */
  readonly doubtsMax?: number;
}

export function createClusterDoubts(deps: ClusterDoubtsDeps): ClusterDoubts {
  const { log, doubtMs = CLUSTER_DOUBT_MS, doubtsMax = CLUSTER_DOUBTS_MAX } = deps;
  const inDoubt = new Map<SessionId, NodeJS.Timeout>();
  let closed = false;

  const decide = async (found: FoundSession, cluster: Cluster): Promise<void> => {
    try {
      if ((await deps.review(found, cluster)) !== 'refused' || closed) return;
      if (!(await mayBlameBearer(found, deps.provider)) || closed) return;
      await endSession(found, cluster, deps);
    } catch (error) {
      // The next refusal begins anew.
      if (!(error instanceof StoreUnavailable)) log.failure(error);
    } finally {
      inDoubt.delete(found.id);
    }
  };

  return {
    refused: (found, cluster) => {
      if (closed || inDoubt.has(found.id) || inDoubt.size >= doubtsMax) return;
      inDoubt.set(found.id, setTimeout(() => void decide(found, cluster), doubtMs).unref());
    },
    close: async () => {
      closed = true;
      for (const timer of inDoubt.values()) clearTimeout(timer);
      inDoubt.clear();
    },
  };
}

/** A cluster refuses good bearers while it cannot reach their provider. A pasted token has none. */
async function mayBlameBearer({ live }: FoundSession, source: Pick<ProviderSource, 'get'> | null): Promise<boolean> {
  if (live.record.grant === null || source === null) return true;
  const provider = await source.get();
  return provider.ok && provider.value.answers();
}

async function endSession(found: FoundSession, { name }: Cluster, deps: ClusterDoubtsDeps): Promise<void> {
  if (!(await deps.sessions.end(found.id))) return;
  deps.audit.sessionsEnded('cluster', {
    count: 1,
    person: personOfSession(found),
    cluster: name,
    reason: 'token_refused',
  });
}
