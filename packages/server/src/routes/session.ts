/** GET /clusters/{cluster}/session: how long this browser's session lasts. Asking is no activity. */
import { type EpochSeconds, viewSession } from '@lamplighter/auth-core';
import { replyJson } from '../http/replies.ts';
import type { Sessions } from '../sessions/sessions.ts';
import type { SessionResponse } from '../wire.ts';
import { findSession } from './decide-credential.ts';
import { type ClusterHandler, refused } from './exchange.ts';

export function createSessionHandler(sessions: Sessions): ClusterHandler {
  return async ({ incoming, origin }, cluster) => {
    const found = await findSession(incoming, cluster, origin.scheme, sessions);
    if (!found.ok) return refused(found.refusal, found.cookies);
    const { method, expiresAt, idleExpiresAt, tokenExpiresAt } = viewSession(found.value.live);
    const body: SessionResponse = {
      method,
      expiresAt: toRfc3339(expiresAt),
      idleExpiresAt: idleExpiresAt === null ? null : toRfc3339(idleExpiresAt),
      tokenExpiresAt: tokenExpiresAt === null ? null : toRfc3339(tokenExpiresAt),
    };
    return replyJson(body);
  };
}

// A pasted token may name any number as its end; past what a date can hold, "as late as can be said" is true enough.
function toRfc3339(seconds: EpochSeconds): string {
  return new Date(Math.min(seconds * 1_000, 8.64e15)).toISOString();
}
