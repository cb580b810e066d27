/** /clusters/{cluster}/sessions: what a person sees and ends of their own sessions, on every browser. Asking is no activity. */
import type { AuditLog } from '../audit.ts';
import type { Cluster } from '../clusters/registry.ts';
import { replyJson } from '../http/replies.ts';
import type { FoundSession, Sessions } from '../sessions/sessions.ts';
import type { OwnSessionsResponse } from '../wire.ts';
import { personOfSession } from './audited-person.ts';
import { type CredentialSources, findSession } from './decide-credential.ts';
import { type ClusterHandler, type Exchange, type Outcome, refused } from './exchange.ts';
import { toRfc3339 } from './session.ts';

export interface OwnSessionsDeps {
  readonly sources: CredentialSources;
  readonly audit: AuditLog;
}

/** GET. */
export function createSessionsHandler({ sources }: OwnSessionsDeps): ClusterHandler {
  return ownSession(sources, async (found, { sessions }) => {
    const own = await sessions.listOwn(found);
    const body: OwnSessionsResponse = {
      sessions: own.map(({ handle, current, createdAt, usedAt, expiresAt }) => ({
        handle,
        current,
        createdAt: toRfc3339(createdAt),
        usedAt: toRfc3339(usedAt),
        expiresAt: toRfc3339(expiresAt),
      })),
    };
    return replyJson(body);
  });
}

/** DELETE …/{handle}: one of one's own. Of another person's handle nobody learns whether it exists. */
export function createEndSessionHandler({ sources, audit }: OwnSessionsDeps): ClusterHandler {
  return ownSession(sources, async (found, { sessions }, { handle }, cluster) => {
    if (!(await sessions.endOwn(found, handle ?? ''))) return refused({ reason: 'not_found' });
    auditEnded(1, found, cluster, audit);
    return replyDone();
  });
}

/** DELETE: all of one's own but the one that asks. */
export function createEndOtherSessionsHandler({ sources, audit }: OwnSessionsDeps): ClusterHandler {
  return ownSession(sources, async (found, { sessions }, _, cluster) => {
    auditEnded(await sessions.endOthers(found), found, cluster, audit);
    return replyDone();
  });
}

function ownSession(
  sources: CredentialSources,
  answer: (
    found: FoundSession,
    parts: { readonly sessions: Sessions },
    exchange: Exchange,
    cluster: Cluster,
  ) => Promise<Outcome>,
): ClusterHandler {
  return async (exchange, cluster) => {
    const found = await findSession(exchange, cluster, sources, 'poll');
    return found.ok ? answer(found.value, sources, exchange, cluster) : refused(found.refusal, found.cookies);
  };
}

function auditEnded(count: number, found: FoundSession, cluster: Cluster, audit: AuditLog): void {
  audit.sessionsEnded('person', { count, person: personOfSession(found), cluster: cluster.name, reason: null });
}

function replyDone(): Response {
  return new Response(null, { status: 204, headers: { 'Cache-Control': 'no-store' } });
}
