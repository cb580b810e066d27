/** Owns the connections to the provider: whom they trust, and how long an answer may take. */
import { Agent, fetch as undiciFetch } from 'undici';
import { PROVIDER_TIMEOUT_SECONDS } from '../constants.ts';

export interface ProviderAgent {
  /** Like the platform's fetch, over connections that trust the configured roots. Never follows a redirect. */
  readonly fetch: typeof globalThis.fetch;
  close(): Promise<void>;
}

/** @param ca - PEM that replaces the platform's roots; null keeps them, and with them NODE_EXTRA_CA_CERTS. */
export function createProviderAgent(ca: string | null): ProviderAgent {
  const timeoutMs = PROVIDER_TIMEOUT_SECONDS * 1_000;
  const dispatcher = new Agent({
    connect: { timeout: timeoutMs, ...(ca === null ? {} : { ca }) },
    headersTimeout: timeoutMs,
    bodyTimeout: timeoutMs,
  });
  const agentFetch = (url: string, init: object): Promise<unknown> =>
    undiciFetch(url, { ...init, dispatcher, redirect: 'manual' });
  // undici's fetch is the platform's own in another version; the two differ only in the identity of their classes.
  return { fetch: agentFetch as typeof globalThis.fetch, close: () => dispatcher.destroy() };
}
