/** The judgement of Lamplighter: plain data in, plain data out. No I/O, no clock, no randomness, no logs. */
export * from './brands.ts';
export {
  CLOCK_SKEW_SECONDS,
  LOGIN_LIFETIME_SECONDS,
  LOGIN_SECRET_BYTES,
  SESSION_ID_BYTES,
  SESSION_KEY_BYTES,
  TOUCH_INTERVAL_MAX_SECONDS,
  TOUCH_INTERVAL_SHARE,
} from './constants.ts';
export { decodeBase64url, encodeBase64url } from './encoding/base64url.ts';
export { parseExpressions } from './identity/expressions.ts';
export { DEFAULT_IDENTITY_PATHS, type IdentityPaths, personFromClaims } from './identity/from-claims.ts';
export { personFromReview } from './identity/from-review.ts';
export type { Person } from './identity/person.ts';
export * from './login/callback.ts';
export { authLanding, clusterPage, parseReturnPath } from './login/return-path.ts';
export * from './login/transaction.ts';
export type * from './reasons.ts';
export * from './result.ts';
export * from './session/record.ts';
export * from './session/renewal.ts';
export * from './session/ticket.ts';
export { type SessionView, viewSession } from './session/view.ts';
export { checkAccessClaims, type ExpectedAccessClaims } from './token/access-claims.ts';
export type { ExpectedAudience } from './token/checks.ts';
export { type ExpectedClaims, mintVerifiedClaims, type VerifiedClaims } from './token/claims.ts';
export { type ExpectedLogoutClaims, judgeLogoutClaims, type LogoutSubject } from './token/logout-claims.ts';
export { judgePastedToken } from './token/pasted.ts';
export { checkRefreshedClaims, type ExpectedRefreshedClaims } from './token/refreshed.ts';
export { readClaimsWithoutVerifying, readExpiryWithoutVerifying } from './token/unverified.ts';
