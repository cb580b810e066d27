/** GET /clusters/{cluster}/session: how long this browser is signed in. Asking is no activity. */
import { type EpochSeconds, isRenewable, readExpiryWithoutVerifying, viewSession } from '@lamplighter/auth-core';
import { replyJson } from '../http/replies.ts';
import type { SessionResponse } from '../wire.ts';
import { askProxy, type CredentialSources, findSession } from './decide-credential.ts';
import { type ClusterHandler, refused } from './exchange.ts';

export function createSessionHandler(sources: CredentialSources): ClusterHandler {
  return async (exchange, cluster) => {
    const proxy = askProxy(exchange, sources);
    if (!proxy.ok) return refused(proxy.refusal);
    const bearer = proxy.value?.bearer ?? null;
    if (bearer !== null) return replyJson(signedInByProxy(readExpiryWithoutVerifying(bearer)));
    const found = await findSession(exchange, cluster, sources, 'poll');
    if (!found.ok) return refused(found.refusal, found.cookies);
    const { method, expiresAt, idleExpiresAt, tokenExpiresAt } = viewSession(found.value.live);
    const body: SessionResponse = {
      method,
      expiresAt: toRfc3339(expiresAt),
      idleExpiresAt: idleExpiresAt === null ? null : toRfc3339(idleExpiresAt),
      tokenExpiresAt: tokenExpiresAt === null ? null : toRfc3339(tokenExpiresAt),
      renews: isRenewable(found.value.live.record),
    };
    return replyJson(body);
  };
}

// There is no session here to end: the proxy brings a token with every request, and a new one when it likes.
function signedInByProxy(tokenExpiresAt: EpochSeconds | null): SessionResponse {
  return {
    method: 'proxy',
    expiresAt: null,
    idleExpiresAt: null,
    tokenExpiresAt: tokenExpiresAt === null ? null : toRfc3339(tokenExpiresAt),
    renews: false,
  };
}

/** A pasted token may name any number as its end; past what a date can hold, "as late as can be said" is true enough. */
export function toRfc3339(seconds: EpochSeconds): string {
  return new Date(Math.min(seconds * 1_000, 8.64e15)).toISOString();
}
