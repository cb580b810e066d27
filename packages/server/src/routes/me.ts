/** GET /clusters/{cluster}/me: who the credential of this request stands for. */
import type { EpochSeconds, Person, Result } from '@lamplighter/auth-core';
import type { Cluster } from '../clusters/registry.ts';
import { reviewBearer } from '../clusters/self-review.ts';
import { replyJson } from '../http/replies.ts';
import type { Sessions } from '../sessions/sessions.ts';
import type { MeResponse } from '../wire.ts';
import { type Decision, decideCredential } from './decide-credential.ts';
import { type ClusterHandler, refused } from './exchange.ts';

export interface MeDeps {
  readonly sessions: Sessions;
  readonly now: () => EpochSeconds;
}

export function createMeHandler({ sessions, now }: MeDeps): ClusterHandler {
  return async ({ incoming, origin }, cluster) => {
    const decision = await decideCredential(incoming, cluster, origin.scheme, sessions);
    if (!decision.ok) return refused(decision.refusal, decision.cookies);
    const person = await identify(decision, cluster, now());
    if (!person.ok) return refused(person.refusal);
    const { username, email, groups } = person.value;
    const body: MeResponse = { username, email, groups, userInfoURL: '' };
    return replyJson(body);
  };
}

// A session's person was verified when it began. A header's bearer is verified now, by the only one who can: what it says of itself
// would let anybody be anybody here.
async function identify(
  decision: Extract<Decision, { ok: true }>,
  cluster: Cluster,
  now: EpochSeconds,
): Promise<Result<Person>> {
  if (decision.from === 'session') return { ok: true, value: decision.session.live.record.person };
  return reviewBearer(cluster.connection, decision.bearer, now);
}
