/** The composition root: the only place where things are wired together. Read it from top to bottom to know what the server is made of. */
import { randomBytes } from 'node:crypto';
import type { EpochSeconds } from '@lamplighter/auth-core';
import { type Clusters, createClusters } from './clusters/registry.ts';
import type { OidcConfig, ServerConfig, StoreConfig } from './config/server-config.ts';
import { createProxyTrust } from './config/trusted-proxies.ts';
import { SEALING_KEY_BYTES } from './constants.ts';
import { createDoor, type DoorDeps } from './http/door.ts';
import { listen } from './http/listener.ts';
import { createEventLog, type EventLog, type LogSink } from './log.ts';
import { discover } from './oidc/discovery.ts';
import { createLoginCookies } from './oidc/login-cookies.ts';
import { createOidcProvider, type OidcProvider } from './oidc/provider.ts';
import { createProviderAgent } from './oidc/provider-agent.ts';
import { createConfigHandler } from './routes/config.ts';
import { refused } from './routes/exchange.ts';
import { createLoginCallbackHandler } from './routes/login-callback.ts';
import { createLoginStartHandler } from './routes/login-start.ts';
import { createLogoutHandler } from './routes/logout.ts';
import { createMeHandler } from './routes/me.ts';
import { answerHealth, answerNotBuilt, answerPlugins, createReadyHandler } from './routes/plain.ts';
import { createProxyHandler } from './routes/proxy.ts';
import { createSessionHandler } from './routes/session.ts';
import { createSetTokenHandler } from './routes/set-token.ts';
import { createSiteHandler } from './routes/site.ts';
import { createSessions } from './sessions/sessions.ts';
import { openSqliteStore } from './sessions/sqlite-store.ts';
import type { SessionStore } from './sessions/store.ts';
import { StartupError } from './startup-error.ts';

/** What a test replaces; the wiring stays the same. */
export interface Edges {
  readonly now?: () => EpochSeconds;
  readonly logSink?: LogSink;
  readonly discoveryDeadlineMs?: number;
}

export interface LamplighterServer extends AsyncDisposable {
  /** Where it listens; with port 0, the port that was free. */
  readonly url: string;
  /** Ends within about two seconds, open watches included. */
  close(): Promise<void>;
}

/** Starts listening. Throws `StartupError` for what the person who starts it can mend; nothing is left open then. */
export async function createLamplighterServer(config: ServerConfig, edges: Edges = {}): Promise<LamplighterServer> {
  await using started = new AsyncDisposableStack();
  const now = edges.now ?? (() => Math.floor(Date.now() / 1_000));
  const log = createEventLog(config.logLevel, edges.logSink);
  for (const warning of config.warnings) log.warn(warning);

  const store = started.adopt(openStore(config.sessions.store, now, log), (opened) => opened.close());
  const clusters = started.adopt(createClusters(config.clusters), (connected) => connected.close());
  const provider = config.oidc === null ? null : await connectProvider(config.oidc, started, edges);
  const handlers = createHandlers(config, { now, log, store, clusters, provider });
  const isTrustedProxy = createProxyTrust(config.trustedProxies);
  const listenAddress = config.listen.address;
  const callbackUrl = config.oidc?.callbackUrl ?? null;
  const door: DoorDeps = { ...handlers, clusters, isTrustedProxy, listenAddress, callbackUrl, log };

  const listener = await listen(config.listen, createDoor(door), createDoor(withoutUpgrades(door)), log);
  started.defer(() => listener.close());
  log.listening(listener.url, Math.round(performance.now()));

  const running = started.move();
  const close = async (): Promise<void> => {
    if (running.disposed) return;
    await running.disposeAsync();
    log.stopped();
  };
  return { url: listener.url, close, [Symbol.asyncDispose]: close };
}

interface Parts {
  readonly now: () => EpochSeconds;
  readonly log: EventLog;
  readonly store: SessionStore;
  readonly clusters: Clusters;
  readonly provider: OidcProvider | null;
}

function createHandlers(
  config: ServerConfig,
  { now, log, store, clusters, provider }: Parts,
): Pick<DoorDeps, 'site' | 'cluster' | 'proxy'> {
  const [firstKey = randomBytes(SEALING_KEY_BYTES), ...olderKeys] = config.sessions.sealingKeys;
  const loginCookies = createLoginCookies([firstKey, ...olderKeys]);
  const sessions = createSessions(store, config.sessions, now);
  const callbackUrl = config.oidc?.callbackUrl ?? null;
  return {
    site: {
      config: createConfigHandler(clusters, provider !== null),
      health: answerHealth,
      ready: createReadyHandler(store),
      loginStart: createLoginStartHandler({ clusters, provider, callbackUrl, loginCookies, sessions, now }),
      loginCallback: createLoginCallbackHandler({ clusters, provider, loginCookies, sessions, store, log, now }),
      plugins: answerPlugins,
      notBuilt: answerNotBuilt,
      site: createSiteHandler(config.htmlStaticDir),
    },
    cluster: {
      setToken: createSetTokenHandler({ sessions, log, now }),
      me: createMeHandler({ sessions, now }),
      session: createSessionHandler(sessions),
      logout: createLogoutHandler({ sessions, log }),
    },
    proxy: createProxyHandler({ sessions, log }),
  };
}

/** The same door for WebSocket and SPDY requests, with a proxy that says it has none yet. */
function withoutUpgrades(door: DoorDeps): DoorDeps {
  return { ...door, proxy: ({ refuse }) => refuse(refused({ reason: 'not_built' })) };
}

function openStore(store: StoreConfig, now: () => EpochSeconds, log: EventLog): SessionStore {
  const open = (path: string | null): SessionStore =>
    openSqliteStore({ path, now, onSweepFailure: (cause) => log.storeUnavailable(cause) });
  if (store.kind === 'memory') return open(null);
  try {
    return open(store.path);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : 'no reason was given';
    throw new StartupError(
      'failed',
      `the session store ${store.path} cannot be opened: ${why}. Name another file with --session-store.`,
      { cause },
    );
  }
}

async function connectProvider(config: OidcConfig, started: AsyncDisposableStack, edges: Edges): Promise<OidcProvider> {
  const agent = started.adopt(createProviderAgent(config.ca), (opened) => opened.close());
  const { discoveryDeadlineMs } = edges;
  const options = discoveryDeadlineMs === undefined ? {} : { deadlineMs: discoveryDeadlineMs };
  const found = await discover(config.issuer, { fetch: agent.fetch, ...options });
  if (!found.ok) throw new StartupError('failed', `the issuer ${config.issuer} ${found.problem}.`);
  return createOidcProvider(config, found.metadata, agent.fetch);
}
