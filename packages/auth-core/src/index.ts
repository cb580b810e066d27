/** The judgement of Lamplighter: plain data in, plain data out. No I/O, no clock, no randomness, no logs. */
export * from './brands.ts';
export {
  CLOCK_SKEW_SECONDS,
  LOGIN_LIFETIME_SECONDS,
  LOGIN_SECRET_BYTES,
  SESSION_ID_BYTES,
  SESSION_KEY_BYTES,
} from './constants.ts';
export { decodeBase64url, encodeBase64url } from './encoding/base64url.ts';
export { personFromClaims } from './identity/from-claims.ts';
export { personFromReview } from './identity/from-review.ts';
export type { Person } from './identity/person.ts';
export * from './login/callback.ts';
export { clusterPage, parseReturnPath } from './login/return-path.ts';
export * from './login/transaction.ts';
export type * from './reasons.ts';
export * from './result.ts';
export * from './session/record.ts';
export * from './session/ticket.ts';
export { type SessionView, viewSession } from './session/view.ts';
export { type ExpectedClaims, mintVerifiedClaims, type VerifiedClaims } from './token/claims.ts';
export { judgePastedToken } from './token/pasted.ts';
export { readClaimsWithoutVerifying, readExpiryWithoutVerifying } from './token/unverified.ts';
