/** Judges a logout token, with which a provider says that somebody's session there is over. */
import type { EpochSeconds, Issuer } from '../brands.ts';
import { nonEmptyText, valueAt } from '../encoding/json.ts';
import type { LogoutTokenCheck } from '../reasons.ts';
import { accept, type Result, refuse } from '../result.ts';
import { checkTimes, readAudiences, readSubject } from './checks.ts';

/** OpenID Connect Back-Channel Logout 1.0, section 2.4. */
const LOGOUT_EVENT = 'http://schemas.openid.net/event/backchannel-logout';

export interface ExpectedLogoutClaims {
  readonly issuer: Issuer;
  readonly clientId: string;
  readonly now: EpochSeconds;
}

/** Whose session is over: at least one of the two is not null. */
export interface LogoutSubject {
  readonly subject: string | null;
  readonly providerSession: string | null;
}

/**
 * OpenID Connect Back-Channel Logout 1.0, section 2.6.
 * @param claims - the payload of a logout token whose signature was verified with the issuer's keys.
 */
export function judgeLogoutClaims(claims: object, expected: ExpectedLogoutClaims): Result<LogoutSubject> {
  if (valueAt(claims, 'iss') !== expected.issuer) return refuseCheck('iss');
  if (!readAudiences(claims).includes(expected.clientId)) return refuseCheck('aud');
  const failed = checkTimes(claims, expected.now);
  if (failed !== null) return refuseCheck(failed);
  if (nonEmptyText(valueAt(claims, 'jti')) === undefined) return refuseCheck('jti');
  if (!isObject(valueAt(claims, 'events', LOGOUT_EVENT))) return refuseCheck('events');
  // Attack this stops: an ID token, which has one, posted as a logout token.
  if (valueAt(claims, 'nonce') !== undefined) return refuseCheck('nonce');
  const sub = valueAt(claims, 'sub');
  const sid = valueAt(claims, 'sid');
  const subject = sub === undefined ? null : readSubject(claims);
  const providerSession = sid === undefined ? null : nonEmptyText(sid);
  if (subject === undefined) return refuseCheck('sub');
  if (providerSession === undefined || (subject === null && providerSession === null)) return refuseCheck('subject');
  return accept({ subject, providerSession });
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function refuseCheck(check: LogoutTokenCheck): Result<never> {
  return refuse({ reason: 'logout_token_refused', check });
}
