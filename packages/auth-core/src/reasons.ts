/**
 * Every reason for which a request is refused, with the facts. Reasons are for operators and tests: what a person is told, and with
 * which status, is decided elsewhere, in one map. No fact is ever a token, a code, a verifier or a cookie.
 */
import type { EpochSeconds } from './brands.ts';

export type Refusal = LoginRefusal | TokenRefusal | SessionRefusal | RequestRefusal | ClusterRefusal;

export type ReasonCode = Refusal['reason'];

export type LoginRefusal =
  /** No provider is configured, so nobody can be sent to one. */
  | { readonly reason: 'login_not_configured' }
  | { readonly reason: 'state_missing' }
  /** A parameter that must stand alone came twice: two readers could each take another one (RFC 6749, section 3.1). */
  | { readonly reason: 'parameter_repeated'; readonly parameter: string }
  /** This browser holds no login of that state: begun elsewhere, tampered with, or sealed by a key since replaced. */
  | { readonly reason: 'state_unknown' }
  | { readonly reason: 'state_used' }
  | { readonly reason: 'login_expired'; readonly startedAt: EpochSeconds }
  /** RFC 9207: the answer does not come from the provider this login was begun with. */
  | { readonly reason: 'issuer_mixed_up'; readonly expected: string; readonly given: string | null }
  | { readonly reason: 'provider_error'; readonly error: string; readonly description: string | null }
  | { readonly reason: 'code_missing' }
  | { readonly reason: 'code_refused'; readonly error: string; readonly pkceUsed: boolean }
  | { readonly reason: 'id_token_refused'; readonly check: IdTokenCheck }
  /** The token that would become the bearer, where that is not the ID token. */
  | { readonly reason: 'access_token_refused'; readonly check: IdTokenCheck }
  /** `status`: the endpoint's; null when the answer itself was refused. */
  | {
      readonly reason: 'userinfo_refused';
      readonly problem: 'status' | 'sub' | 'format' | 'signature';
      readonly status: number | null;
    }
  /** `error`: the code of the platform, such as ECONNREFUSED. */
  | { readonly reason: 'provider_unreachable'; readonly error: string }
  /** `error`: the code with which the answer could not be read. */
  | { readonly reason: 'provider_answer_invalid'; readonly error: string };

/** Which demand of OpenID Connect Core 1.0, section 3.1.3.7 an ID token failed; most are named by their claim. */
export type IdTokenCheck =
  /** A token of another kind, such as an access token or a logout token (RFC 8725, section 3.11). */
  | 'typ'
  /** The answer holds no ID token. */
  | 'missing'
  /** It is no JWT. */
  | 'malformed'
  /** An algorithm that was not agreed on (`none` among them), or that this server cannot check. */
  | 'alg'
  /** None of the provider's keys fits. */
  | 'key'
  | 'signature'
  | 'iss'
  | 'sub'
  | 'aud'
  | 'iat'
  | 'exp'
  | 'nbf'
  | 'nonce'
  | 'azp'
  /** The ID token speaks of another access token than the one beside it (OpenID Connect Core 1.0, section 3.1.3.6). */
  | 'at_hash';

/** Which demand of OpenID Connect Back-Channel Logout 1.0, section 2.6 a logout token failed. */
export type LogoutTokenCheck = Exclude<IdTokenCheck, 'at_hash' | 'azp'> | 'events' | 'jti' | 'subject';

export type TokenRefusal =
  | { readonly reason: 'token_blank' }
  /** Not what RFC 6750, section 2.1 calls a b64token. */
  | { readonly reason: 'token_malformed' }
  /** The cluster answered 401. `expired` is what the token says of itself, unverified. */
  | { readonly reason: 'token_refused'; readonly expired: boolean }
  /** The cluster answered, but took the bearer for nobody. */
  | { readonly reason: 'token_anonymous' }
  /** The cluster knows the bearer and does not let them ask who they are. */
  | { readonly reason: 'review_forbidden' };

export type SessionRefusal =
  | { readonly reason: 'not_signed_in' }
  /** A ticket that fits no record: signed out, expired and swept, from another store, or made up. */
  | { readonly reason: 'session_unknown' }
  | { readonly reason: 'session_expired'; readonly expiredAt: EpochSeconds }
  | { readonly reason: 'session_idle'; readonly expiredAt: EpochSeconds }
  | { readonly reason: 'token_expired'; readonly expiredAt: EpochSeconds }
  /** The provider gives no new token for this session any more. `error`: its code. */
  | { readonly reason: 'refresh_refused'; readonly error: string }
  /** The provider's new token is not for the person who signed in, or is no valid one. */
  | { readonly reason: 'refresh_mismatch'; readonly check: IdTokenCheck };

export type RequestRefusal =
  /** No HTTP/1.1 request, or one that two servers could read as two different ones. */
  | { readonly reason: 'request_malformed' }
  | { readonly reason: 'transfer_coding_unknown' }
  | { readonly reason: 'expectation_refused' }
  | { readonly reason: 'headers_too_large' }
  /** Its end did not come in time. */
  | { readonly reason: 'request_late' }
  | { readonly reason: 'credential_malformed' }
  /** A trusted proxy sent an identity header twice, or a token that is none. */
  | { readonly reason: 'proxy_identity_malformed' }
  /** A logout token (OpenID Connect Back-Channel Logout 1.0, section 2.6) that is not valid. */
  | { readonly reason: 'logout_token_refused'; readonly check: LogoutTokenCheck }
  | { readonly reason: 'cross_site_write' }
  | { readonly reason: 'host_refused' }
  | { readonly reason: 'cluster_unknown' }
  | { readonly reason: 'path_refused' }
  | { readonly reason: 'not_found' }
  | { readonly reason: 'method_refused'; readonly allowed: readonly string[] }
  | { readonly reason: 'content_type_refused' }
  | { readonly reason: 'body_malformed' }
  | { readonly reason: 'body_too_large'; readonly limitBytes: number }
  /** Known to Headlamp, not built here yet. */
  | { readonly reason: 'not_built' }
  | { readonly reason: 'store_unavailable' }
  | { readonly reason: 'internal' };

export type ClusterRefusal =
  | { readonly reason: 'cluster_unreachable' }
  | { readonly reason: 'cluster_timeout' }
  /** An answer that breaks HTTP's rules, or is longer than any honest one. */
  | { readonly reason: 'cluster_answer_unreadable' }
  /** An answer that no API server gives to that question. */
  | { readonly reason: 'cluster_answer_invalid'; readonly status: number };
