/** Gives every handler what it needs and nothing more; the second half of the composition root. */
import type { EpochSeconds } from '@lamplighter/auth-core';
import type { AuditLog } from './audit.ts';
import type { Clusters } from './clusters/registry.ts';
import type { ServerConfig } from './config/server-config.ts';
import type { DoorDeps } from './http/door.ts';
import type { EventLog } from './log.ts';
import type { Metrics } from './metrics.ts';
import { createLoginCookies } from './oidc/login-cookies.ts';
import { createLogoutCookies } from './oidc/logout-cookies.ts';
import type { ProviderSource } from './oidc/provider.ts';
import { createBackchannelLogoutHandler } from './routes/backchannel-logout.ts';
import { createConfigHandler } from './routes/config.ts';
import type { CredentialSources } from './routes/decide-credential.ts';
import type { Errands } from './routes/errands.ts';
import { createLeaveProviderHandler } from './routes/leave-provider.ts';
import { createLoginCallbackHandler } from './routes/login-callback.ts';
import { createLoginStartHandler } from './routes/login-start.ts';
import { createLogoutHandler } from './routes/logout.ts';
import { createMeHandler } from './routes/me.ts';
import {
  createEndOtherSessionsHandler,
  createEndSessionHandler,
  createSessionsHandler,
} from './routes/own-sessions.ts';
import {
  answerHealth,
  answerNotBuilt,
  answerPlugins,
  createMetricsHandler,
  createReadyHandler,
} from './routes/plain.ts';
import { createProxyHandler } from './routes/proxy.ts';
import { createSessionHandler } from './routes/session.ts';
import { createSetTokenHandler } from './routes/set-token.ts';
import { createSignedOutHandler } from './routes/signed-out.ts';
import { createSiteHandler } from './routes/site.ts';
import type { Refresher } from './sessions/refresher.ts';
import type { Sessions } from './sessions/sessions.ts';
import type { SessionStore } from './sessions/store.ts';
import type { ClusterDoubts } from './streams/cluster-doubts.ts';
import type { OpenStreams } from './streams/open-streams.ts';

export interface Parts {
  readonly now: () => EpochSeconds;
  readonly log: EventLog;
  readonly audit: AuditLog;
  readonly metrics: Metrics | null;
  readonly keys: readonly [Uint8Array, ...Uint8Array[]];
  readonly store: SessionStore;
  readonly clusters: Clusters;
  /** Null: no provider is configured. */
  readonly provider: ProviderSource | null;
  readonly sessions: Sessions;
  readonly refresher: Refresher;
  readonly streams: OpenStreams;
  readonly doubts: ClusterDoubts;
  readonly errands: Errands;
  /** Whether this server has begun to close. */
  readonly isDraining: () => boolean;
}

export type Handlers = Pick<DoorDeps, 'site' | 'cluster' | 'proxy'>;

export function createHandlers(config: ServerConfig, parts: Parts): Handlers {
  const { now, log, audit, store, clusters, provider, sessions, errands } = parts;
  const loginCookies = createLoginCookies(parts.keys);
  const logoutCookies = createLogoutCookies(parts.keys);
  const callbackUrl = config.oidc?.callbackUrl ?? null;
  const { identity, page } = config;
  const sources = credentialSources(config, parts);
  const ending = { sessions, provider, errands, audit };
  return {
    site: {
      config: createConfigHandler(clusters, provider !== null, page),
      health: answerHealth,
      ready: createReadyHandler({ store, provider, isDraining: parts.isDraining }),
      metrics: createMetricsHandler(parts.metrics),
      loginStart: createLoginStartHandler({ clusters, provider, callbackUrl, loginCookies, sessions, now }),
      loginCallback: createLoginCallbackHandler({
        clusters,
        provider,
        loginCookies,
        sessions,
        store,
        identity,
        audit,
        log,
        now,
      }),
      leaveProvider: createLeaveProviderHandler(logoutCookies),
      signedOut: createSignedOutHandler(logoutCookies, log),
      backchannelLogout: createBackchannelLogoutHandler({ provider, sessions, audit, log, now }),
      plugins: answerPlugins,
      notBuilt: answerNotBuilt,
      site: createSiteHandler(page.staticDir),
    },
    cluster: {
      setToken: createSetTokenHandler({ ...ending, now }),
      me: createMeHandler({ sources, userInfoUrl: identity.userInfoUrl, now }),
      session: createSessionHandler(sources),
      sessions: createSessionsHandler({ sources, audit }),
      endSession: createEndSessionHandler({ sources, audit }),
      endOtherSessions: createEndOtherSessionsHandler({ sources, audit }),
      logout: createLogoutHandler({ ...ending, callbackUrl, logoutCookies }),
    },
    proxy: createProxyHandler({ sources, streams: parts.streams, doubts: parts.doubts, audit, log }),
  };
}

export function credentialSources(
  { proxyAuth, identityHeaders }: ServerConfig,
  { sessions, refresher }: Pick<Parts, 'sessions' | 'refresher'>,
): CredentialSources {
  return { sessions, refresher, identityHeaders: proxyAuth ? identityHeaders : null };
}
