/** Names how a cluster failed to answer, so that whoever speaks to people can say so. Details stay in the log. */

export type UpstreamFailure =
  | { readonly reason: 'cluster_unreachable'; readonly cause: Error }
  | { readonly reason: 'cluster_timeout'; readonly cause: Error };

/** undici's own codes (docs: Errors) for "no answer in time"; everything else is a connection that could not be had or kept. */
const TIMEOUT_CODES: ReadonlySet<string> = new Set([
  'UND_ERR_HEADERS_TIMEOUT',
  'UND_ERR_CONNECT_TIMEOUT',
  'UND_ERR_BODY_TIMEOUT',
]);

export function toUpstreamFailure(cause: Error): UpstreamFailure {
  const late = cause.name === 'TimeoutError' || TIMEOUT_CODES.has(errorCode(cause) ?? '');
  const reason = late ? 'cluster_timeout' : 'cluster_unreachable';
  return { reason, cause };
}

/** The machine-readable code of a platform error (`ECONNREFUSED`, …), looked for in its causes too. */
export function errorCode(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  const code: unknown = Reflect.get(error, 'code');
  return typeof code === 'string' ? code : errorCode(error.cause);
}
