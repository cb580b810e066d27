/** Owns the connections to the provider: whom they trust, how long an answer may take and how large it may be. */
import { Agent, fetch as undiciFetch } from 'undici';
import type { OidcConfig } from '../config/server-config.ts';
import { PROVIDER_ANSWER_MAX_BYTES, PROVIDER_TIMEOUT_SECONDS } from '../constants.ts';

export interface ProviderAgent {
  /**
   * Like the platform's fetch, over connections that trust the configured roots. Never follows a redirect. The answer was read whole
   * when it is handed over; a larger one than `PROVIDER_ANSWER_MAX_BYTES` rejects with the code `ANSWER_TOO_LARGE`.
   */
  readonly fetch: typeof globalThis.fetch;
  close(): Promise<void>;
}

export type ProviderTrust = Pick<OidcConfig, 'ca' | 'skipTlsVerify'>;

export const ANSWER_TOO_LARGE = 'PROVIDER_ANSWER_TOO_LARGE';

/** Statuses whose answers have no body (Fetch standard, "null body status"). */
const BODILESS: ReadonlySet<number> = new Set([204, 205, 304]);

/**
 * @param trust - `ca`: PEM that replaces the platform's roots; null keeps them, and with them NODE_EXTRA_CA_CERTS. It wins over
 * `skipTlsVerify`.
 * @param timeoutMs - of a whole answer. Default: `PROVIDER_TIMEOUT_SECONDS`.
 */
export function createProviderAgent(
  { ca, skipTlsVerify }: ProviderTrust,
  timeoutMs: number = PROVIDER_TIMEOUT_SECONDS * 1_000,
): ProviderAgent {
  const roots = ca === null ? { rejectUnauthorized: !skipTlsVerify } : { ca };
  const dispatcher = new Agent({ connect: { timeout: timeoutMs, ...roots } });
  const agentFetch = async (url: string, init: { readonly signal?: AbortSignal | null } = {}): Promise<Response> => {
    // From the first byte sent to the last one read: a provider that drips its answer is as slow as one that does not answer.
    const deadline = AbortSignal.timeout(timeoutMs);
    const signal = init.signal ? AbortSignal.any([init.signal, deadline]) : deadline;
    const { status, headers, body } = await undiciFetch(url, { ...init, signal, dispatcher, redirect: 'manual' });
    const bytes = await readBounded(body ?? []);
    return new Response(BODILESS.has(status) ? null : bytes, { status, headers: [...headers] });
  };
  // All callers hand over a URL as text; no other form of fetch's arguments is used here.
  return { fetch: agentFetch as typeof globalThis.fetch, close: () => dispatcher.destroy() };
}

/** Attack this stops: an endless answer would be held in memory until none is left. Leaving the loop closes the connection. */
async function readBounded(body: AsyncIterable<Uint8Array> | readonly Uint8Array[]): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.length;
    if (size > PROVIDER_ANSWER_MAX_BYTES) {
      throw Object.assign(new Error('the answer is too large'), { code: ANSWER_TOO_LARGE });
    }
    chunks.push(chunk);
  }
  return new Uint8Array(Buffer.concat(chunks));
}
