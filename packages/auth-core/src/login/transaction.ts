/** Owns a login in flight: one immutable record, keyed by its `state`, sealed into the browser that began it. */
import type { ClusterName, EpochSeconds, Issuer, LoginState, ReturnPath, SessionId } from '../brands.ts';
import { LOGIN_LIFETIME_SECONDS } from '../constants.ts';
import { encodeBase64url } from '../encoding/base64url.ts';

export interface LoginTransaction {
  readonly state: LoginState;
  /** Comes back inside the ID token, so a token minted for another login does not fit (OpenID Connect Core 1.0, section 15.5.2). */
  readonly nonce: string;
  /** RFC 7636, section 4.1: 43 characters of 256 random bits. */
  readonly codeVerifier: string;
  readonly cluster: ClusterName;
  readonly returnPath: ReturnPath;
  /** Sent unchanged to both endpoints: a provider compares them byte for byte. */
  readonly redirectUri: string;
  /** Kept per login, so an answer is never judged by another provider's rules (RFC 9700, section 4.4.2). */
  readonly issuer: Issuer;
  /** The session this browser held when the login began. The Strict cookie is absent at the callback, so its id travels here. */
  readonly replacesSession: SessionId | null;
  readonly startedAt: EpochSeconds;
}

/** `LOGIN_SECRET_BYTES` random bytes each; none may be used for anything else. */
export interface LoginSecrets {
  readonly state: Uint8Array;
  readonly nonce: Uint8Array;
  readonly codeVerifier: Uint8Array;
}

export type LoginIntent = Omit<LoginTransaction, 'state' | 'nonce' | 'codeVerifier' | 'startedAt'>;

export function beginLogin(intent: LoginIntent, secrets: LoginSecrets, now: EpochSeconds): LoginTransaction {
  return {
    ...intent,
    // Made of random bytes here and nowhere else.
    state: encodeBase64url(secrets.state) as LoginState,
    nonce: encodeBase64url(secrets.nonce),
    codeVerifier: encodeBase64url(secrets.codeVerifier),
    startedAt: now,
  };
}

/** Also true for a login from the future: a clock that went backwards must not lengthen its life. */
export function isLoginExpired(login: LoginTransaction, now: EpochSeconds): boolean {
  const age = now - login.startedAt;
  return age < 0 || age > LOGIN_LIFETIME_SECONDS;
}
