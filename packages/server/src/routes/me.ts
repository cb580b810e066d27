/** GET /clusters/{cluster}/me: who the credential of this request stands for. */
import type { EpochSeconds, Person, Result } from '@lamplighter/auth-core';
import type { Cluster } from '../clusters/registry.ts';
import { reviewBearer } from '../clusters/self-review.ts';
import { replyJson } from '../http/replies.ts';
import type { MeResponse } from '../wire.ts';
import { type CredentialSources, type Decision, decideCredential } from './decide-credential.ts';
import { type ClusterHandler, refused } from './exchange.ts';

export interface MeDeps {
  readonly sources: CredentialSources;
  readonly userInfoUrl: string;
  readonly now: () => EpochSeconds;
}

export function createMeHandler({ sources, userInfoUrl, now }: MeDeps): ClusterHandler {
  return async (exchange, cluster) => {
    const decision = await decideCredential(exchange, cluster, sources);
    const person = await identify(decision, cluster, exchange.call.requestId, now());
    if (!person.ok) return refused(person.refusal, decision.ok ? [] : decision.cookies);
    const { username, email, groups, groupsIncomplete } = person.value;
    const body: MeResponse = {
      username,
      email,
      groups,
      userInfoURL: userInfoUrl,
      ...(groupsIncomplete ? { groupsIncomplete } : {}),
    };
    return withoutTrace(replyJson(body));
  };
}

/**
 * A session's person was verified when it began, and a trusted proxy's word is taken: also without a token, where it is good for
 * nothing but this answer. A header's bearer is verified now, by the only one who can: what it says of itself would let anybody be
 * anybody here.
 */
async function identify(
  decision: Decision,
  cluster: Cluster,
  auditId: string,
  now: EpochSeconds,
): Promise<Result<Person>> {
  if (!decision.ok) {
    const named = decision.refusal.reason === 'not_signed_in' ? decision.person : null;
    return named === null ? decision : { ok: true, value: named };
  }
  if (decision.from === 'session') return { ok: true, value: decision.session.live.record.person };
  if (decision.from === 'proxy' && decision.person !== null) return { ok: true, value: decision.person };
  return reviewBearer(cluster.connection, decision.bearer, now, auditId);
}

/** Headlamp's headers for this answer: old caches too must not keep who somebody is. */
function withoutTrace(response: Response): Response {
  response.headers.set('Pragma', 'no-cache');
  response.headers.set('Expires', '0');
  response.headers.set('Vary', 'Cookie');
  return response;
}
