/** The composition root: the only place where things are wired together. Read it from top to bottom to know what the server is made of. */
import { randomBytes } from 'node:crypto';
import type { EpochSeconds } from '@lamplighter/auth-core';
import { createAuditLog } from './audit.ts';
import { createClusters } from './clusters/registry.ts';
import type { ServerConfig } from './config/server-config.ts';
import { createProxyTrust } from './config/trusted-proxies.ts';
import { SEALING_KEY_BYTES } from './constants.ts';
import { createHandlers, credentialSources } from './handlers.ts';
import { createDoor, type DoorDeps } from './http/door.ts';
import { listen } from './http/listener.ts';
import { createEventLog, type LogSink } from './log.ts';
import { createMetrics } from './metrics.ts';
import { openProvider } from './oidc/open-provider.ts';
import { createErrands } from './routes/errands.ts';
import { createUpgradeHandler } from './routes/upgrade.ts';
import { openStore } from './sessions/open-store.ts';
import { createRefresher } from './sessions/refresher.ts';
import { createSessions } from './sessions/sessions.ts';
import { createClusterDoubts } from './streams/cluster-doubts.ts';
import { createOpenStreams } from './streams/open-streams.ts';
import { createSessionReview } from './streams/review-session.ts';

/** What a test replaces; the wiring stays the same. */
export interface Edges {
  readonly now?: () => EpochSeconds;
  readonly logSink?: LogSink;
  /** How long the start waits for the provider's first answer. */
  readonly provider?: { readonly deadlineMs?: number };
  /** How long after a cluster's refusal it is asked again. */
  readonly doubts?: { readonly doubtMs?: number };
  /** How often open streams are compared with the store, and their sessions' bearers shown to the cluster. */
  readonly streams?: { readonly pollMs?: number; readonly reviewMs?: number };
}

export interface LamplighterServer extends AsyncDisposable {
  /** Where it listens; with port 0, the port that was free. */
  readonly url: string;
  /** Ends within about two seconds, open watches included; later only while a provider is waited for whose answer would be lost. */
  close(): Promise<void>;
}

/** Starts listening. Throws `StartupError` for what the person who starts it can mend; nothing is left open then. */
export async function createLamplighterServer(config: ServerConfig, edges: Edges = {}): Promise<LamplighterServer> {
  await using started = new AsyncDisposableStack();
  const now = edges.now ?? (() => Math.floor(Date.now() / 1_000));
  const log = createEventLog(config.logLevel, edges.logSink);
  for (const warning of config.warnings) log.warn(warning);
  // Everything below is closed in reverse: the door first, then what still works for it, the store last.
  const closing = <Part extends { close(): Promise<void> }>(part: Part): Part =>
    started.adopt(part, (opened) => opened.close());

  const metrics = config.metrics ? await createMetrics() : null;
  const audit = createAuditLog(log, metrics);
  const store = closing(
    await openStore(config.sessions.store, { now, onTrouble: (cause) => log.storeUnavailable(cause) }),
  );
  const clusters = closing(createClusters(config.clusters, config.identityHeaders));
  const provider =
    config.oidc === null ? null : closing(await openProvider(config.oidc, { onProblem: log.warn, ...edges.provider }));
  const [firstKey = randomBytes(SEALING_KEY_BYTES), ...olderKeys] = config.sessions.keys;
  const keys = [firstKey, ...olderKeys] as const;
  const sessions = createSessions({ store, limits: config.sessions, keys, now });
  const errands = closing(createErrands(log));
  const refresher = closing(createRefresher({ store, sessions, provider, audit, errands, now }));
  const review = createSessionReview({ sessions, refresher, now });
  const doubts = closing(createClusterDoubts({ review, sessions, provider, audit, log, ...edges.doubts }));
  const streams = closing(createOpenStreams({ store, review, doubts, now, log, ...edges.streams }));

  let isDraining = false;
  const parts = {
    now,
    log,
    audit,
    metrics,
    keys,
    store,
    clusters,
    provider,
    sessions,
    refresher,
    streams,
    doubts,
    errands,
  };
  const door: DoorDeps = {
    ...createHandlers(config, { ...parts, isDraining: () => isDraining }),
    clusters,
    isTrustedProxy: createProxyTrust(config.trustedProxies),
    listenAddress: config.listen.address,
    callbackUrl: config.oidc?.callbackUrl ?? null,
    basePath: config.basePath,
    native: config.listen.tls !== null,
    log,
    audit,
    metrics,
  };
  const upgrade = { ...door, proxy: createUpgradeHandler(credentialSources(config, parts)) };
  const listener = await listen(config.listen, {
    door: createDoor(door),
    upgrade: createDoor(upgrade),
    basePath: config.basePath,
    log,
  });
  closing(listener);
  log.listening(listener.url, Math.round(performance.now()));

  const running = started.move();
  const close = async (): Promise<void> => {
    if (running.disposed) return;
    isDraining = true;
    await running.disposeAsync();
    log.stopped();
  };
  return { url: listener.url, close, [Symbol.asyncDispose]: close };
}
