/** The one map from a reason to what a caller is told: status, public code, sentence. docs/errors.md is checked against it. */
import type { ReasonCode, Refusal } from '@lamplighter/auth-core';

export interface Description<Reason extends ReasonCode = ReasonCode> {
  readonly status: number;
  /** Stable; several reasons share one where telling them apart would only help whoever probes. */
  readonly code: string;
  /** For people. Nobody may match on it. */
  readonly sentence: string;
  /** What the facts add to the sentence. */
  readonly more?: (facts: Extract<Refusal, { reason: Reason }>) => string;
}

type Descriptions = { readonly [Reason in ReasonCode]: Description<Reason> };

const EXPIRED = { status: 401, code: 'session_expired', sentence: 'Your session has ended. Sign in again.' } as const;

export const DESCRIPTIONS: Descriptions = {
  login_not_configured: {
    status: 404,
    code: 'login_not_configured',
    sentence: 'This server has no sign-in provider. Sign in with a token instead.',
  },
  state_missing: {
    status: 400,
    code: 'login_invalid',
    sentence: 'This address is only for the way back from the sign-in provider. Begin at the start page.',
  },
  parameter_repeated: {
    status: 400,
    code: 'login_invalid',
    sentence: 'The sign-in request names something twice. Begin again at the start page.',
  },
  state_unknown: {
    status: 400,
    code: 'login_unknown',
    sentence: 'This sign-in was not begun in this browser, or its cookie was lost. Begin again at the start page.',
  },
  state_used: {
    status: 400,
    code: 'login_used',
    sentence: 'This sign-in was already used. If you are not signed in, begin again at the start page.',
  },
  login_expired: {
    status: 400,
    code: 'login_expired',
    sentence: 'This sign-in took more than ten minutes. Begin again at the start page.',
  },
  issuer_mixed_up: {
    status: 400,
    code: 'login_invalid',
    sentence: 'The answer comes from another sign-in provider than the one asked. Nobody was signed in.',
  },
  provider_error: {
    status: 403,
    code: 'provider_error',
    sentence: 'The sign-in provider did not sign you in.',
    more: ({ error, description }) => ` It says: ${description ?? error}`,
  },
  code_missing: {
    status: 400,
    code: 'login_invalid',
    sentence: 'The sign-in provider sent no code. Begin again at the start page.',
  },
  code_refused: {
    status: 502,
    code: 'code_refused',
    sentence: 'The sign-in provider refused to complete the sign-in.',
    more: ({ error, pkceUsed }) =>
      ` It says: ${error}.${error === 'invalid_request' && !pkceUsed ? ' This provider may demand PKCE: --oidc-use-pkce.' : ''}`,
  },
  id_token_refused: {
    status: 502,
    code: 'id_token_refused',
    sentence: 'The sign-in provider sent an identity this server cannot accept. Nobody was signed in.',
    more: ({ check }) => ` (Check: ${check}.)`,
  },
  access_token_refused: {
    status: 502,
    code: 'access_token_refused',
    sentence: 'The sign-in provider sent an access token this server cannot use. Nobody was signed in.',
    more: ({ check }) => ` (Check: ${check}.)`,
  },
  userinfo_refused: {
    status: 502,
    code: 'userinfo_refused',
    sentence: 'The sign-in provider told nothing this server can believe about who you are. Nobody was signed in.',
    more: ({ problem, status }) => ` (Check: ${problem}${status === null ? '' : ` ${status}`}.)`,
  },
  provider_unreachable: {
    status: 502,
    code: 'provider_unreachable',
    sentence: 'The sign-in provider does not answer. Try again in a moment.',
  },
  provider_answer_invalid: {
    status: 502,
    code: 'provider_answer_invalid',
    sentence: 'The sign-in provider gave an answer nobody can read.',
  },

  token_blank: { status: 400, code: 'token_blank', sentence: 'The token is empty. Paste a token.' },
  token_malformed: {
    status: 400,
    code: 'token_malformed',
    sentence: 'This is not a token: it holds blanks or characters no token has. Copy it again, whole.',
  },
  token_refused: {
    status: 401,
    code: 'token_refused',
    sentence: 'The cluster does not accept this token.',
    more: ({ expired }) => (expired ? ' It has expired; get a fresh one.' : ''),
  },
  token_anonymous: {
    status: 401,
    code: 'token_refused',
    sentence: 'The cluster takes this token for nobody. Paste another one.',
  },
  review_forbidden: {
    status: 403,
    code: 'review_forbidden',
    sentence:
      'The cluster does not let the owner of this token ask who they are. An administrator can bind them to system:basic-user.',
  },

  not_signed_in: { status: 401, code: 'not_signed_in', sentence: 'Sign in to this cluster.' },
  session_unknown: EXPIRED,
  session_expired: EXPIRED,
  session_idle: EXPIRED,
  token_expired: {
    status: 401,
    code: 'token_expired',
    sentence: 'The token of your session has expired. Sign in again.',
  },
  refresh_refused: {
    status: 401,
    code: 'refresh_refused',
    sentence: 'The sign-in provider does not renew your session any more. Sign in again.',
  },
  refresh_mismatch: {
    status: 401,
    code: 'refresh_mismatch',
    sentence: 'The sign-in provider renewed your session with an identity this server cannot accept. Sign in again.',
  },

  request_malformed: {
    status: 400,
    code: 'request_malformed',
    sentence: 'This is not a request this server can read in one way only.',
  },
  transfer_coding_unknown: {
    status: 501,
    code: 'transfer_coding_unknown',
    sentence: 'This server knows no transfer coding but chunked.',
  },
  expectation_refused: {
    status: 417,
    code: 'expectation_refused',
    sentence: 'This server meets no expectation but 100-continue.',
  },
  headers_too_large: { status: 431, code: 'headers_too_large', sentence: 'The headers of this request are too large.' },
  request_late: { status: 408, code: 'request_late', sentence: 'The request did not arrive in time.' },
  credential_malformed: {
    status: 400,
    code: 'credential_malformed',
    sentence: 'The Authorization header must be one `Bearer` and one token.',
  },
  proxy_identity_malformed: {
    status: 400,
    code: 'proxy_identity_malformed',
    sentence: 'The proxy in front of this server said who you are in a way that can be read in more than one.',
  },
  logout_token_refused: {
    status: 400,
    code: 'logout_token_refused',
    sentence: 'This is no logout token this server accepts. No session was ended.',
    more: ({ check }) => ` (Check: ${check}.)`,
  },
  cross_site_write: {
    status: 403,
    code: 'cross_site_write',
    sentence: 'This change did not come from this server’s own page, so it was not made.',
  },
  host_refused: {
    status: 403,
    code: 'host_refused',
    sentence: 'This server answers only for this machine; the Host of the request is another.',
  },
  cluster_unknown: { status: 404, code: 'cluster_unknown', sentence: 'There is no cluster of that name here.' },
  path_refused: {
    status: 400,
    code: 'path_refused',
    sentence: 'The path of this request cannot be passed on as it is written.',
  },
  not_found: { status: 404, code: 'not_found', sentence: 'There is nothing here.' },
  method_refused: {
    status: 405,
    code: 'method_refused',
    sentence: 'This address does not answer that method.',
    more: ({ allowed }) => ` It answers ${allowed.join(', ')}.`,
  },
  content_type_refused: {
    status: 415,
    code: 'content_type_refused',
    sentence: 'Send JSON, with Content-Type: application/json.',
  },
  body_malformed: {
    status: 400,
    code: 'body_malformed',
    sentence: 'The body must be JSON of the shape {"token": "…"}; null or an empty text signs out.',
  },
  body_too_large: {
    status: 413,
    code: 'body_too_large',
    sentence: 'The body is too large.',
    more: ({ limitBytes }) => ` At most ${limitBytes} bytes are read.`,
  },
  not_built: { status: 501, code: 'not_built', sentence: 'This part of Headlamp’s interface is not built here yet.' },
  store_unavailable: {
    status: 503,
    code: 'store_unavailable',
    sentence: 'The session store does not answer. Try again in a moment.',
  },
  internal: { status: 500, code: 'internal', sentence: 'Something went wrong here. The server’s log says what.' },

  cluster_unreachable: { status: 502, code: 'cluster_unreachable', sentence: 'The cluster cannot be reached.' },
  cluster_timeout: { status: 504, code: 'cluster_timeout', sentence: 'The cluster did not answer in time.' },
  cluster_answer_unreadable: {
    status: 502,
    code: 'cluster_answer_invalid',
    sentence: 'The cluster gave an answer that cannot be read.',
  },
  cluster_answer_invalid: {
    status: 502,
    code: 'cluster_answer_invalid',
    sentence: 'The cluster gave an unexpected answer when asked about this token.',
    more: ({ status }) => ` (Its status was ${status}.)`,
  },
};

/** What is told, with the facts in it. */
export interface Told {
  readonly status: number;
  readonly code: string;
  readonly message: string;
  /** Includes `Lamplighter-Reason`. */
  readonly headers: Readonly<Record<string, string>>;
}

const REASON_HEADER = 'Lamplighter-Reason';

export function tell(refusal: Refusal): Told {
  const { status, code, sentence } = DESCRIPTIONS[refusal.reason];
  const allow = refusal.reason === 'method_refused' ? { Allow: refusal.allowed.join(', ') } : {};
  return { status, code, message: sentence + moreOf(refusal), headers: { [REASON_HEADER]: code, ...allow } };
}

function moreOf<Reason extends ReasonCode>(facts: Extract<Refusal, { reason: Reason }>): string {
  // The facts' own reason picks the description made for them; TypeScript does not follow a union through its own tag.
  const { more }: Description<Reason> = DESCRIPTIONS[facts.reason as Reason];
  return more?.(facts) ?? '';
}
