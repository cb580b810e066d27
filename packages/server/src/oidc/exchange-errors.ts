/** Turns what the OpenID Connect library throws into our reasons, by its codes and causes, never by its words. */
import { type ExpectedClaims, type IdTokenCheck, mintVerifiedClaims, type Refusal } from '@lamplighter/auth-core';
import { errorCode } from '@lamplighter/proxy';
import { ResponseBodyError, WWWAuthenticateChallengeError } from 'openid-client';
import { z } from 'zod';
import { ANSWER_TOO_LARGE } from './provider-agent.ts';

export interface ExchangeFacts {
  readonly pkceUsed: boolean;
  readonly expected: ExpectedClaims;
}

/** Codes of the library for answers that say nothing about an ID token. */
const INVALID_ANSWERS: ReadonlySet<string> = new Set([
  ANSWER_TOO_LARGE,
  'OAUTH_PARSE_ERROR',
  'OAUTH_RESPONSE_IS_NOT_JSON',
  'OAUTH_RESPONSE_IS_NOT_CONFORM',
]);

const TIMEOUTS: ReadonlySet<string> = new Set(['OAUTH_TIMEOUT', 'OAUTH_ABORT']);

/** @returns the reason; throws what it was given when that is neither the provider's nor the network's doing. */
export async function toExchangeRefusal(error: unknown, facts: ExchangeFacts): Promise<Refusal> {
  const { pkceUsed } = facts;
  if (error instanceof ResponseBodyError) return { reason: 'code_refused', error: printable(error.error), pkceUsed };
  // RFC 6749, section 5.2: a client that fails to authenticate gets 401 with a challenge, beside the error in the body.
  if (error instanceof WWWAuthenticateChallengeError) {
    return { reason: 'code_refused', error: printable(await readOAuthError(error.response)), pkceUsed };
  }
  const code = errorCode(error) ?? '';
  const check = readCheck(error, code, facts.expected);
  if (check !== undefined) return { reason: 'id_token_refused', check };
  if (INVALID_ANSWERS.has(code) || code === 'OAUTH_INVALID_RESPONSE') {
    return { reason: 'provider_answer_invalid', error: code };
  }
  if (TIMEOUTS.has(code) || isNetworkError(error)) return { reason: 'provider_unreachable', error: code };
  throw error;
}

const OAUTH_ERROR = z.object({ error: z.string().min(1) });

async function readOAuthError(response: Response): Promise<string> {
  const body = OAUTH_ERROR.safeParse(await response.json().catch(() => null));
  return body.success ? body.data.error : 'invalid_client';
}

/** What the library says of an ID token it refused. Held here for a moment, and never logged: claims are people's. */
const CAUSES = {
  claims: z.object({ claims: z.record(z.string(), z.unknown()), claim: z.unknown().optional() }),
  header: z.object({ header: z.unknown() }),
  signature: z.object({ signature: z.unknown(), data: z.unknown() }),
  withoutIdToken: z.object({ body: z.object({ access_token: z.string(), id_token: z.literal('').optional() }) }),
} as const;

function readCheck(error: unknown, code: string, expected: ExpectedClaims): IdTokenCheck | undefined {
  if (code === 'OAUTH_KEY_SELECTION_FAILED') return 'key';
  const cause = causeOf(error);
  if (code === 'OAUTH_UNSUPPORTED_OPERATION') return 'alg';
  const refused = CAUSES.claims.safeParse(cause);
  if (refused.success) return readClaimCheck(refused.data, expected);
  if (code !== 'OAUTH_INVALID_RESPONSE') return undefined;
  if (CAUSES.signature.safeParse(cause).success) return 'signature';
  if (CAUSES.header.safeParse(cause).success) return 'alg';
  if (CAUSES.withoutIdToken.safeParse(cause).success) return 'missing';
  // For a token it cannot take apart the library hands over the text alone.
  return typeof cause === 'string' ? 'malformed' : undefined;
}

const CLAIMS: ReadonlySet<unknown> = new Set<IdTokenCheck>(['iss', 'sub', 'aud', 'iat', 'exp', 'nbf', 'nonce', 'azp']);

/** Nothing is decided by these claims, which nobody has verified: the core only names what the library did not like. */
function readClaimCheck({ claims, claim }: z.infer<typeof CAUSES.claims>, expected: ExpectedClaims): IdTokenCheck {
  const judged = mintVerifiedClaims(claims, expected);
  if (!judged.ok && judged.refusal.reason === 'id_token_refused') return judged.refusal.check;
  // A member of the set above is a check by its type.
  return CLAIMS.has(claim) ? (claim as IdTokenCheck) : 'malformed';
}

/** The library wraps its own error once; what it found stands in the inner one's cause. */
function causeOf(error: unknown): unknown {
  return error instanceof Error && error.cause instanceof Error ? error.cause.cause : undefined;
}

/** fetch fails with a TypeError without a code whose cause has the platform's. The library's own TypeErrors have a code of their own. */
function isNetworkError(error: unknown): boolean {
  return error instanceof TypeError && !('code' in error) && errorCode(error.cause) !== undefined;
}

// RFC 6749, section 5.2 allows printable characters only; a provider that sends others shall not write into our log.
function printable(text: string): string {
  return text.replaceAll(/[^\x20-\x7e]/g, ' ').slice(0, 80);
}
