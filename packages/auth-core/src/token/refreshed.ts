/** Judges the ID token that comes with a renewal: it must be about the same person, from the same provider, for the same client. */
import type { EpochSeconds, Issuer } from '../brands.ts';
import { valueAt } from '../encoding/json.ts';
import type { IdTokenCheck } from '../reasons.ts';
import { checkAudience, checkTimes, type ExpectedAudience, readAudiences } from './checks.ts';

export interface ExpectedRefreshedClaims extends ExpectedAudience {
  readonly issuer: Issuer;
  readonly subject: string;
  /** The one of the sign-in. */
  readonly nonce: string;
  /** The claims of the ID token before, which was verified then; undefined when it cannot be read any more. */
  readonly before: unknown;
  readonly now: EpochSeconds;
}

/**
 * OpenID Connect Core 1.0, section 12.2.
 * @param claims - the payload of an ID token whose signature was verified with the issuer's keys.
 * @returns the first demand it fails; null when it fails none.
 */
export function checkRefreshedClaims(claims: object, expected: ExpectedRefreshedClaims): IdTokenCheck | null {
  const { issuer, subject, nonce, before, now } = expected;
  if (valueAt(claims, 'iss') !== issuer) return 'iss';
  // Attack this stops: a token of somebody else, slipped into a renewal, would take over a session that is open.
  if (valueAt(claims, 'sub') !== subject) return 'sub';
  const failed = checkAudience(claims, expected) ?? checkSame(claims, before) ?? checkTimes(claims, now);
  if (failed !== null) return failed;
  const given = valueAt(claims, 'nonce');
  return given === undefined || given === nonce ? null : 'nonce';
}

/** The audiences of before must all be there still; `azp` must be what it was, absent included. */
function checkSame(claims: object, before: unknown): 'aud' | 'azp' | null {
  if (typeof before !== 'object' || before === null) return null;
  const audiences = readAudiences(claims);
  if (!readAudiences(before).every((audience) => audiences.includes(audience))) return 'aud';
  return valueAt(claims, 'azp') === valueAt(before, 'azp') ? null : 'azp';
}
