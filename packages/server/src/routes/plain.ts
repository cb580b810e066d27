/** The handlers that look at nothing a browser sent: health, readiness, metrics, and what is not built. */
import { READY_STORE_TIMEOUT_MS } from '../constants.ts';
import { JSON_HEADERS } from '../http/security-headers.ts';
import type { Metrics } from '../metrics.ts';
import type { ProviderSource } from '../oidc/provider.ts';
import type { SessionStore } from '../sessions/store.ts';
import { type Handler, refused } from './exchange.ts';

/** GET /healthz and /livez: this process answers. Whether a cluster or the provider does is not its business. */
export const answerHealth: Handler = async () => new Response('{"status":"ok"}', { headers: JSON_HEADERS });

export interface ReadyDeps {
  readonly store: Pick<SessionStore, 'get'>;
  /** Null: no provider is configured, and only the store counts. */
  readonly provider: Pick<ProviderSource, 'initialised'> | null;
  /** Whether this server has begun to close. */
  readonly isDraining: () => boolean;
}

/** What /readyz says. 200 exactly when `status` is `ok`. */
interface Readiness {
  readonly status: 'ok' | 'not_ready' | 'draining';
  readonly store: 'ok' | 'unavailable';
  /** `none`: no provider is configured. A provider that was had once and is away now does not count: sessions go on without it. */
  readonly issuer: 'ok' | 'not_initialised' | 'none';
}

/** GET /readyz: requests can be served, and people can sign in. */
export function createReadyHandler({ store, provider, isDraining }: ReadyDeps): Handler {
  return async () => {
    const readiness: Omit<Readiness, 'status'> = {
      store: (await answersInTime(store)) ? 'ok' : 'unavailable',
      issuer: provider === null ? 'none' : provider.initialised ? 'ok' : 'not_initialised',
    };
    const isReady = readiness.store === 'ok' && readiness.issuer !== 'not_initialised';
    const body: Readiness = { status: isDraining() ? 'draining' : isReady ? 'ok' : 'not_ready', ...readiness };
    return new Response(JSON.stringify(body), { status: body.status === 'ok' ? 200 : 503, headers: JSON_HEADERS });
  };
}

/** Keys are SHA-256 hashes; nobody's hash is all zeros. */
const NO_KEY = new Uint8Array(32);

/** A store that hangs is as good as none: whoever asks for readiness waits for no more than a second or two. */
async function answersInTime(store: ReadyDeps['store']): Promise<boolean> {
  const { promise: late, resolve } = Promise.withResolvers<boolean>();
  const timer = setTimeout(() => resolve(false), READY_STORE_TIMEOUT_MS);
  const answered = store.get(NO_KEY).then(
    () => true,
    () => false,
  );
  try {
    return await Promise.race([answered, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** GET /metrics. @param metrics - null when they are switched off: then there is no such page. */
export function createMetricsHandler(metrics: Metrics | null): Handler {
  return async () => {
    if (metrics === null) return refused({ reason: 'not_found' });
    const { contentType, text } = await metrics.read();
    return new Response(text, { headers: { ...JSON_HEADERS, 'Content-Type': contentType } });
  };
}

/** GET /plugins (Headlamp): none. */
export const answerPlugins: Handler = async () => new Response('[]', { headers: JSON_HEADERS });

/** Headlamp's routes that are known and not here yet: a reason is better than a page or the API server's 404. */
export const answerNotBuilt: Handler = async () => refused({ reason: 'not_built' });
