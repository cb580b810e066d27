/** Turns what the OpenID Connect library throws into our reasons, by its codes, never by its words. */
import type { IdTokenCheck, Refusal } from '@lamplighter/auth-core';
import { errorCode } from '@lamplighter/proxy';
import { ResponseBodyError } from 'openid-client';

/** The library's codes that speak of an ID token. Its messages and causes hold claims, so they go nowhere. */
const ID_TOKEN_CHECKS: ReadonlyMap<string, IdTokenCheck> = new Map([
  ['OAUTH_JWT_CLAIM_COMPARISON_FAILED', 'claim'],
  ['OAUTH_JWT_TIMESTAMP_CHECK_FAILED', 'lifetime'],
  ['OAUTH_KEY_SELECTION_FAILED', 'key'],
  ['OAUTH_INVALID_RESPONSE', 'missing_or_unsigned'],
  ['OAUTH_UNSUPPORTED_OPERATION', 'key'],
]);

const INVALID_ANSWERS: ReadonlySet<string> = new Set([
  'OAUTH_PARSE_ERROR',
  'OAUTH_RESPONSE_IS_NOT_JSON',
  'OAUTH_RESPONSE_IS_NOT_CONFORM',
]);

export function toExchangeRefusal(error: unknown, pkceUsed: boolean): Refusal {
  if (error instanceof ResponseBodyError) return { reason: 'code_refused', error: printable(error.error), pkceUsed };
  const code = errorCode(error) ?? '';
  const check = ID_TOKEN_CHECKS.get(code);
  if (check !== undefined) return { reason: 'id_token_refused', check };
  return { reason: INVALID_ANSWERS.has(code) ? 'provider_answer_invalid' : 'provider_unreachable' };
}

// RFC 6749, section 5.2 allows printable characters only; a provider that sends others shall not write into our log.
function printable(text: string): string {
  return text.replaceAll(/[^\x20-\x7e]/g, ' ').slice(0, 80);
}
