/** The demands that tokens of several kinds share, each as one question: which of them do these claims fail first? */
import type { EpochSeconds } from '../brands.ts';
import { CLOCK_SKEW_SECONDS, SUBJECT_MAX_CHARS } from '../constants.ts';
import { valueAt } from '../encoding/json.ts';
import type { IdTokenCheck } from '../reasons.ts';

/** OpenID Connect Core 1.0, section 2: never empty, at most `SUBJECT_MAX_CHARS` long. */
export function readSubject(claims: object): string | undefined {
  const sub = valueAt(claims, 'sub');
  return typeof sub === 'string' && sub !== '' && sub.length <= SUBJECT_MAX_CHARS ? sub : undefined;
}

/** A lone audience counts as a list of one (RFC 7519, section 4.1.3). */
export function readAudiences(claims: object): readonly unknown[] {
  const aud = valueAt(claims, 'aud');
  return Array.isArray(aud) ? aud : [aud];
}

export interface ExpectedAudience {
  /** Which audience the token must be for. */
  readonly audience: string;
  /** To whom it must have been issued. */
  readonly clientId: string;
}

/**
 * OpenID Connect Core 1.0, sections 2 and 3.1.3.7. A token for several audiences, or for another than the client itself, must say to
 * whom it was issued, or another client's token would sign people in here.
 */
export function checkAudience(claims: object, { audience, clientId }: ExpectedAudience): 'aud' | 'azp' | null {
  const audiences = readAudiences(claims);
  if (!audiences.includes(audience)) return 'aud';
  const azp = valueAt(claims, 'azp');
  const mustBeNamed = audiences.length > 1 || audience !== clientId;
  return azp === clientId || (azp === undefined && !mustBeNamed) ? null : 'azp';
}

/** Whole seconds, as a token may write fractions (RFC 7519, section 2); undefined for no end. */
export function readExpiry(claims: object): EpochSeconds | undefined {
  const exp = valueAt(claims, 'exp');
  return typeof exp === 'number' && Number.isFinite(exp) ? Math.floor(exp) : undefined;
}

/** `iat` demanded, `exp` demanded, `nbf` when it is there. */
export function checkTimes(claims: object, now: EpochSeconds): Extract<IdTokenCheck, 'iat' | 'exp' | 'nbf'> | null {
  return checkIssuedAt(claims, now) ?? checkLifetime(claims, now);
}

/** Of the future: minted ahead by whoever can set the provider's clock, or for a clock of ours that lost its way. */
function checkIssuedAt(claims: object, now: EpochSeconds): 'iat' | null {
  return isPast(valueAt(claims, 'iat'), now) ? null : 'iat';
}

/** No skew at the end: a session ends with its token, so one of a token that has expired would end as it begins. */
export function checkLifetime(claims: object, now: EpochSeconds): 'exp' | 'nbf' | null {
  const exp = readExpiry(claims);
  if (exp === undefined || exp <= now) return 'exp';
  const nbf = valueAt(claims, 'nbf');
  return nbf === undefined || isPast(nbf, now) ? null : 'nbf';
}

function isPast(time: unknown, now: EpochSeconds): boolean {
  return typeof time === 'number' && time <= now + CLOCK_SKEW_SECONDS;
}
