/** Names how a cluster failed to answer, so that whoever speaks to people can say so. Details stay in the log. */
import { errors } from 'undici';

export type UpstreamFailure =
  | { readonly reason: 'cluster_unreachable'; readonly cause: Error }
  | { readonly reason: 'cluster_timeout'; readonly cause: Error }
  /** It answered, but not in HTTP that can be read or passed on. */
  | { readonly reason: 'cluster_answer_unreadable'; readonly cause: Error };

/** An answer to a question of ours that is longer than any honest one. */
export class AnswerTooLong extends Error {
  override readonly name = 'AnswerTooLong';
}

/** undici's own codes (docs: Errors) for "no answer in time". */
const TIMEOUT_CODES: ReadonlySet<string> = new Set([
  'UND_ERR_HEADERS_TIMEOUT',
  'UND_ERR_CONNECT_TIMEOUT',
  'UND_ERR_BODY_TIMEOUT',
]);

/** undici's and Node's codes for an answer that breaks HTTP's rules; the parser's own errors have a class and no code. */
const UNREADABLE_CODES: ReadonlySet<string> = new Set([
  'UND_ERR_HEADERS_OVERFLOW',
  'UND_ERR_RES_CONTENT_LENGTH_MISMATCH',
  'ERR_INVALID_CHAR',
  'ERR_INVALID_HTTP_TOKEN',
  'ERR_HTTP_INVALID_STATUS_CODE',
]);

/** What is neither of the two is a connection that could not be had or kept. */
export function toUpstreamFailure(cause: Error): UpstreamFailure {
  const code = errorCode(cause) ?? '';
  if (cause.name === 'TimeoutError' || TIMEOUT_CODES.has(code)) return { reason: 'cluster_timeout', cause };
  const unreadable =
    cause instanceof AnswerTooLong || cause instanceof errors.HTTPParserError || UNREADABLE_CODES.has(code);
  return { reason: unreadable ? 'cluster_answer_unreadable' : 'cluster_unreachable', cause };
}

/** The machine-readable code of a platform error (`ECONNREFUSED`, …), looked for in its causes too. */
export function errorCode(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  const code: unknown = Reflect.get(error, 'code');
  return typeof code === 'string' ? code : errorCode(error.cause);
}
