/** Turns one request to the provider into an answer or a reason, by the codes of the platform, never by its words. */
import { accept, type Refusal, type Result, refuse } from '@lamplighter/auth-core';
import { errorCode } from '@lamplighter/proxy';
import { ANSWER_TOO_LARGE } from './provider-agent.ts';

/** Codes of answers that could not be read. They are stable: operators search logs for them. */
export type UnreadableCode =
  /** A status that says neither yes nor, in OAuth's words, no. */
  | 'OAUTH_RESPONSE_IS_NOT_CONFORM'
  /** Another media type than the one demanded. */
  | 'OAUTH_RESPONSE_IS_NOT_JSON'
  | 'OAUTH_PARSE_ERROR'
  /** JSON of another shape. */
  | 'OAUTH_INVALID_RESPONSE';

/** @returns the answer; throws what the request threw when that is neither the provider's nor the network's doing. */
export async function ask(request: () => Promise<Response>): Promise<Result<Response>> {
  try {
    return accept(await request());
  } catch (error) {
    const refusal = toProviderRefusal(error);
    if (refusal === undefined) throw error;
    return refuse(refusal);
  }
}

export function unreadable(code: UnreadableCode): { readonly ok: false; readonly refusal: Refusal } {
  return { ok: false, refusal: { reason: 'provider_answer_invalid', error: code } };
}

/** The JSON of an answer, whatever it holds. @param types - the media types to accept. */
export async function readJson(
  response: Response,
  types: readonly string[] = ['application/json'],
): Promise<Result<unknown>> {
  if (!types.includes(mediaTypeOf(response))) return unreadable('OAUTH_RESPONSE_IS_NOT_JSON');
  try {
    return accept(await response.json());
  } catch {
    return unreadable('OAUTH_PARSE_ERROR');
  }
}

/** Lower case, without parameters; empty when there is none. */
export function mediaTypeOf(response: Response): string {
  const [type = ''] = (response.headers.get('content-type') ?? '').split(';');
  return type.trim().toLowerCase();
}

/** RFC 6749, section 5.2 allows printable characters only; a provider that sends others shall not write into our log. */
export function printable(text: string): string {
  return text.replaceAll(/[^\x20-\x7e]/g, ' ').slice(0, 80);
}

function toProviderRefusal(error: unknown): Refusal | undefined {
  if (!(error instanceof Error)) return undefined;
  if (error.name === 'TimeoutError') return { reason: 'provider_unreachable', error: 'TIMEOUT' };
  if (error.name === 'AbortError') return { reason: 'provider_unreachable', error: 'ABORTED' };
  const code = errorCode(error);
  if (code === ANSWER_TOO_LARGE) return { reason: 'provider_answer_invalid', error: code };
  // fetch fails with a TypeError without a code whose cause has the platform's. A TypeError with a code of its own is a
  // complaint of the library about how it is used: ours to mend.
  const isNetwork = error instanceof TypeError && !('code' in error) && code !== undefined;
  return isNetwork ? { reason: 'provider_unreachable', error: code } : undefined;
}
