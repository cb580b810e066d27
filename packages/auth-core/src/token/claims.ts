/** Turns the claims a verified ID token carries into the proof that a login is complete. */
import type { Brand, EpochSeconds, Issuer } from '../brands.ts';
import { CLOCK_SKEW_SECONDS, SUBJECT_MAX_CHARS } from '../constants.ts';
import { valueAt } from '../encoding/json.ts';
import type { IdTokenCheck } from '../reasons.ts';
import { accept, type Result, refuse } from '../result.ts';

/** Claims of an ID token whose signature, audience and lifetime were verified, and which passed every check below. */
export type VerifiedClaims = Brand<
  { readonly issuer: Issuer; readonly subject: string; readonly expiresAt: EpochSeconds; readonly all: object },
  'VerifiedClaims'
>;

export interface ExpectedClaims {
  readonly issuer: Issuer;
  readonly clientId: string;
  readonly nonce: string;
  readonly now: EpochSeconds;
}

/**
 * OpenID Connect Core 1.0, sections 2 and 3.1.3.7. The library that verified the signature checks most of this too; whoever is let in
 * by these claims is decided here, so that one reading of this file says what was checked.
 * @param claims - the payload of an ID token whose signature was verified with the issuer's keys.
 */
export function mintVerifiedClaims(claims: object, expected: ExpectedClaims): Result<VerifiedClaims> {
  const sub = valueAt(claims, 'sub');
  const aud = valueAt(claims, 'aud');
  const azp = valueAt(claims, 'azp');
  const exp = valueAt(claims, 'exp');
  const iat = valueAt(claims, 'iat');
  const audiences: readonly unknown[] = Array.isArray(aud) ? aud : [aud];
  if (valueAt(claims, 'iss') !== expected.issuer) return refuseCheck('iss');
  if (typeof sub !== 'string' || sub === '' || sub.length > SUBJECT_MAX_CHARS) return refuseCheck('sub');
  if (!audiences.includes(expected.clientId)) return refuseCheck('aud');
  // A token for several audiences must say to whom it was issued, or another client's token would sign people in here.
  if (audiences.length > 1 ? azp !== expected.clientId : azp !== undefined && azp !== expected.clientId) {
    return refuseCheck('azp');
  }
  // Of the future: minted ahead by whoever can set the provider's clock, or for a clock of ours that lost its way.
  if (typeof iat !== 'number' || iat > expected.now + CLOCK_SKEW_SECONDS) return refuseCheck('iat');
  // No skew here: a session ends with its token, so one of a token that has expired would end as it begins.
  if (typeof exp !== 'number' || Math.floor(exp) <= expected.now) return refuseCheck('exp');
  if (valueAt(claims, 'nonce') !== expected.nonce) return refuseCheck('nonce');
  // Every condition this type promises was checked above.
  return accept({ issuer: expected.issuer, subject: sub, expiresAt: Math.floor(exp), all: claims } as VerifiedClaims);
}

function refuseCheck(check: IdTokenCheck): Result<never> {
  return refuse({ reason: 'id_token_refused', check });
}
