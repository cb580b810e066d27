/** The handlers that always say the same. */
import { JSON_HEADERS } from '../http/security-headers.ts';
import { type Handler, refused } from './exchange.ts';

/** GET /healthz: this process answers. Whether a cluster or the provider does is not its business. */
export const answerHealth: Handler = async () => new Response('{"status":"ok"}', { headers: JSON_HEADERS });

/** GET /plugins (Headlamp): none. */
export const answerPlugins: Handler = async () => new Response('[]', { headers: JSON_HEADERS });

/** Headlamp's routes that are known and not here yet: a reason is better than a page or the API server's 404. */
export const answerNotBuilt: Handler = async () => refused({ reason: 'not_built' });
