/**
 * Owns what becomes of one session while its bearer is renewed: asks the provider once, writes its answer down before anybody is given
 * the new bearer, and ends the session when there will be none. The caller holds the lock, so nobody else does the same meanwhile.
 */
import { setTimeout as wait } from 'node:timers/promises';
import {
  accept,
  type EpochSeconds,
  judgeRenewal,
  postponeRenewal,
  type Refusal,
  type Result,
  refuse,
  type SessionRecord,
} from '@lamplighter/auth-core';
import { type AuditLog, auditedPerson } from '../audit.ts';
import { REFRESH_WRITE_PAUSES_MS } from '../constants.ts';
import type { OidcProvider, ProviderSource, ProviderTokens } from '../oidc/provider.ts';
import type { FoundSession, Sessions } from './sessions.ts';
import { StoreUnavailable } from './store.ts';

export interface RenewalDeps {
  readonly sessions: Pick<Sessions, 'findAgain' | 'reseal' | 'end'>;
  readonly audit: Pick<AuditLog, 'refresh' | 'sessionsEnded'>;
  /** Runs what no answer waits for. */
  readonly errands: { run(errand: () => Promise<unknown>): void };
  readonly now: () => EpochSeconds;
}

/** Rejects with `StoreUnavailable`, and then has given nobody a bearer. */
export async function renewSession(
  found: FoundSession,
  source: ProviderSource,
  deps: RenewalDeps,
): Promise<Result<FoundSession>> {
  // Somebody else may have renewed or ended it while we came to hold the lock.
  const again = await deps.sessions.findAgain(found);
  if (!again.ok) return again;
  const session = again.value;
  const { record } = session.live;
  const renewal = judgeRenewal(record, deps.now());
  if (renewal === 'none') return again;
  const expired = judgeBearer(record, deps.now());
  if (renewal === 'too_soon' && expired !== null) return endSession(session, expired, deps);
  const provider = await source.get();
  if (!provider.ok) return postpone(session, provider.refusal, deps);
  const outcome = await provider.value.refresh(record, deps.now());
  switch (outcome.kind) {
    case 'unavailable':
      return postpone(session, outcome.refusal, deps);
    case 'refused':
      return endRefused(session, outcome.refusal, deps);
    case 'renewed':
      return keepRenewed(session, outcome.tokens, provider.value, deps);
  }
}

/** Why a bearer is good for nothing any more; null while it is. */
export function judgeBearer({ tokenExpiresAt }: SessionRecord, now: EpochSeconds): Refusal | null {
  return tokenExpiresAt === null || tokenExpiresAt > now
    ? null
    : { reason: 'token_expired', expiredAt: tokenExpiresAt };
}

async function keepRenewed(
  session: FoundSession,
  tokens: ProviderTokens,
  provider: OidcProvider,
  deps: RenewalDeps,
): Promise<Result<FoundSession>> {
  const { record } = session.live;
  const renewed = renewRecord(record, tokens, deps.now());
  const kept = await write(session, renewed, deps);
  if (kept === undefined) {
    // Signed out meanwhile: the refresh token that was just issued was not there to be revoked then.
    const { refreshToken } = tokens.grant;
    if (refreshToken !== null) deps.errands.run(() => provider.revoke(refreshToken));
    return refuse({ reason: 'session_unknown' });
  }
  deps.audit.refresh(renewed, null);
  // Also an answer without a new bearer, after the old one had ended.
  const expired = judgeBearer(renewed, deps.now());
  return expired === null ? accept(kept) : endSession(kept, expired, deps);
}

/** The limits of the session stay as they were: a renewal never makes it last longer. */
function renewRecord(
  record: SessionRecord,
  { bearer, bearerExpiresAt, grant }: ProviderTokens,
  now: EpochSeconds,
): SessionRecord {
  const isNew = bearer !== record.bearer;
  return {
    ...record,
    bearer,
    bearerSince: isNew ? now : record.bearerSince,
    tokenExpiresAt: bearerExpiresAt,
    // A provider that renews without a new bearer would do so again, each time it is asked.
    grant: { ...grant, refreshToken: isNew ? grant.refreshToken : null, failures: 0, retryAt: 0 },
  };
}

// The provider may have rotated the refresh token: what is not written now is lost.
async function write(
  session: FoundSession,
  record: SessionRecord,
  deps: RenewalDeps,
): Promise<FoundSession | undefined> {
  for (const pauseMs of REFRESH_WRITE_PAUSES_MS) {
    try {
      return await deps.sessions.reseal(session, record);
    } catch (error) {
      if (!(error instanceof StoreUnavailable)) throw error;
      await wait(pauseMs);
    }
  }
  try {
    return await deps.sessions.reseal(session, record);
  } catch (error) {
    deps.audit.refresh(session.live.record, 'store_unavailable');
    throw error;
  }
}

async function postpone(session: FoundSession, refusal: Refusal, deps: RenewalDeps): Promise<Result<FoundSession>> {
  const { record } = session.live;
  deps.audit.refresh(record, refusal.reason);
  // Judged after the provider was waited for: the bearer may have ended meanwhile.
  const expired = judgeBearer(record, deps.now());
  if (expired !== null) return endSession(session, expired, deps);
  const kept = await deps.sessions.reseal(session, postponeRenewal(record, deps.now()));
  return kept === undefined ? refuse({ reason: 'session_unknown' }) : accept(kept);
}

async function endRefused(session: FoundSession, refusal: Refusal, deps: RenewalDeps): Promise<Result<FoundSession>> {
  const again = await deps.sessions.findAgain(session);
  if (!again.ok) return again;
  // A server that was stopped for longer than its lease comes too late: what it was refused had been renewed by another one.
  if (again.value.live.record.bearer !== session.live.record.bearer) return again;
  deps.audit.refresh(session.live.record, refusal.reason);
  return endSession(session, refusal, deps);
}

async function endSession(
  { id, live: { record } }: FoundSession,
  refusal: Refusal,
  { sessions, audit }: RenewalDeps,
): Promise<Result<FoundSession>> {
  if (await sessions.end(id)) {
    const { cluster } = record;
    audit.sessionsEnded('refresh', { count: 1, person: auditedPerson(record), cluster, reason: refusal.reason });
  }
  return refuse(refusal);
}
