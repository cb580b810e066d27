/** Judges an access token that is a JWT and becomes the bearer, where the operator says what it must look like. */
import type { EpochSeconds, Issuer } from '../brands.ts';
import { valueAt } from '../encoding/json.ts';
import type { IdTokenCheck } from '../reasons.ts';
import { checkLifetime, readAudiences } from './checks.ts';

export interface ExpectedAccessClaims {
  readonly issuer: Issuer;
  /** Null: any. An access token is made for the API it opens, and only the operator knows how that one is called. */
  readonly audience: string | null;
  readonly now: EpochSeconds;
}

/**
 * The subject is not compared with the ID token's: a provider may call one person differently for each API (Entra ID does).
 * @param claims - the payload of an access token whose signature was verified with the provider's keys.
 * @returns the first demand it fails; null when it fails none.
 */
export function checkAccessClaims(
  claims: object,
  { issuer, audience, now }: ExpectedAccessClaims,
): IdTokenCheck | null {
  if (valueAt(claims, 'iss') !== issuer) return 'iss';
  if (audience !== null && !readAudiences(claims).includes(audience)) return 'aud';
  return checkLifetime(claims, now);
}
