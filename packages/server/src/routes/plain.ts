/** The handlers that always say the same. */
import { JSON_HEADERS } from '../http/security-headers.ts';
import type { SessionStore } from '../sessions/store.ts';
import { type Handler, refused } from './exchange.ts';

/** GET /healthz and /livez: this process answers. Whether a cluster or the provider does is not its business. */
export const answerHealth: Handler = async () => new Response('{"status":"ok"}', { headers: JSON_HEADERS });

/**
 * GET /readyz: requests can be served. The provider needs no look: without its discovery there would have been no start. A store that
 * does not answer rejects, which the door words as 503.
 */
export function createReadyHandler(store: Pick<SessionStore, 'get'>): Handler {
  return async () => {
    await store.get(NO_KEY);
    return new Response('{"status":"ok"}', { headers: JSON_HEADERS });
  };
}

/** Keys are SHA-256 hashes; nobody's hash is all zeros. */
const NO_KEY = new Uint8Array(32);

/** GET /plugins (Headlamp): none. */
export const answerPlugins: Handler = async () => new Response('[]', { headers: JSON_HEADERS });

/** Headlamp's routes that are known and not here yet: a reason is better than a page or the API server's 404. */
export const answerNotBuilt: Handler = async () => refused({ reason: 'not_built' });
