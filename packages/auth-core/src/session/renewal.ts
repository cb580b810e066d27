/** Decides when a session's bearer is to be renewed, and when to try again after the provider did not answer. */
import type { EpochSeconds } from '../brands.ts';
import {
  REFRESH_LEAD_MAX_SECONDS,
  REFRESH_LEAD_MIN_SECONDS,
  REFRESH_LEAD_SHARE,
  REFRESH_PAUSE_FIRST_SECONDS,
  REFRESH_PAUSE_MAX_SECONDS,
} from '../constants.ts';
import { isRenewable, type SessionRecord } from './record.ts';

/**
 * `none`: the bearer is good, or cannot be renewed. `ahead`: still good, to be renewed now. `needed`: no longer good, nobody gets through
 * without a new one. `too_soon`: no longer good, and the provider was asked in vain a moment ago.
 */
export type Renewal = 'none' | 'ahead' | 'needed' | 'too_soon';

export function judgeRenewal(record: SessionRecord, now: EpochSeconds): Renewal {
  const { tokenExpiresAt, bearerSince, grant } = record;
  if (!isRenewable(record) || grant === null || tokenExpiresAt === null) return 'none';
  const resting = now < grant.retryAt;
  if (tokenExpiresAt <= now) return resting ? 'too_soon' : 'needed';
  return now >= tokenExpiresAt - refreshLead(tokenExpiresAt - bearerSince) && !resting ? 'ahead' : 'none';
}

/** Long enough for a slow provider, short enough that a token of one minute is not renewed all the time. */
export function refreshLead(lifeSeconds: number): number {
  const share = Math.floor(lifeSeconds * REFRESH_LEAD_SHARE);
  return Math.min(REFRESH_LEAD_MAX_SECONDS, Math.max(REFRESH_LEAD_MIN_SECONDS, share));
}

/** The record after a renewal the provider neither granted nor refused: the next try waits twice as long as the last one. */
export function postponeRenewal(record: SessionRecord, now: EpochSeconds): SessionRecord {
  const { grant } = record;
  if (grant === null) return record;
  const pause = Math.min(REFRESH_PAUSE_MAX_SECONDS, REFRESH_PAUSE_FIRST_SECONDS * 2 ** grant.failures);
  return { ...record, grant: { ...grant, failures: grant.failures + 1, retryAt: now + pause } };
}
