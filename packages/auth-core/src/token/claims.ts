/** Turns the claims a verified ID token carries into the proof that a login is complete. */
import type { Brand, EpochSeconds, Issuer } from '../brands.ts';
import { valueAt } from '../encoding/json.ts';
import type { IdTokenCheck } from '../reasons.ts';
import { accept, type Result, refuse } from '../result.ts';
import { checkAudience, checkTimes, type ExpectedAudience, readExpiry, readSubject } from './checks.ts';

/** Claims of an ID token whose signature was verified, and which passed every check below. */
export type VerifiedClaims = Brand<
  { readonly issuer: Issuer; readonly subject: string; readonly expiresAt: EpochSeconds; readonly all: object },
  'VerifiedClaims'
>;

export interface ExpectedClaims extends ExpectedAudience {
  readonly issuer: Issuer;
  readonly nonce: string;
  readonly now: EpochSeconds;
}

/**
 * OpenID Connect Core 1.0, sections 2 and 3.1.3.7. Whoever is let in by these claims is decided here and nowhere else, so that one
 * reading of this file and of checks.ts says what was checked.
 * @param claims - the payload of an ID token whose signature was verified with the issuer's keys.
 */
export function mintVerifiedClaims(claims: object, expected: ExpectedClaims): Result<VerifiedClaims> {
  const { issuer, nonce, now } = expected;
  if (valueAt(claims, 'iss') !== issuer) return refuseCheck('iss');
  const subject = readSubject(claims);
  if (subject === undefined) return refuseCheck('sub');
  const failed = checkAudience(claims, expected) ?? checkTimes(claims, now);
  if (failed !== null) return refuseCheck(failed);
  if (valueAt(claims, 'nonce') !== nonce) return refuseCheck('nonce');
  // Every condition this type promises was checked above; `exp` is there, or checkTimes had failed.
  return accept({ issuer, subject, expiresAt: readExpiry(claims), all: claims } as VerifiedClaims);
}

function refuseCheck(check: IdTokenCheck): Result<never> {
  return refuse({ reason: 'id_token_refused', check });
}
