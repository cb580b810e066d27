/** Every route there is: method, path, who may call it, and who answers. A security review starts here. */

/**
 * Who gets past the handler's door. `anyone`: no credential is looked at. `login in flight`: only the browser that began the login.
 * `signed in`: a trusted proxy's token, an Authorization header, a WebSocket's subprotocol or a session, decided in
 * routes/decide-credential.ts. `session only`: it speaks of the browser's session, which no Authorization header stands for. Below a
 * cluster a malformed Authorization header is refused whoever may call.
 * Every write, whoever calls, must also come from our own page (http/same-origin.ts), but for the rows that say `fromAnywhere`.
 */
export type Caller = 'anyone' | 'login in flight' | 'signed in' | 'session only';

/** Handlers that are given the cluster the path names. */
export const CLUSTER_HANDLERS = [
  'setToken',
  'me',
  'session',
  'sessions',
  'endSession',
  'endOtherSessions',
  'logout',
] as const;
export type ClusterHandlerName = (typeof CLUSTER_HANDLERS)[number];

/** Handlers that need no cluster. */
export type SiteHandlerName =
  | 'config'
  | 'health'
  | 'ready'
  | 'loginStart'
  | 'loginCallback'
  | 'leaveProvider'
  | 'signedOut'
  | 'backchannelLogout'
  | 'metrics'
  | 'plugins'
  | 'notBuilt'
  | 'site';

export interface Route {
  /** Null: every method but TRACE and CONNECT. */
  readonly methods: readonly string[] | null;
  /**
   * Compared with the raw request target: nothing is decoded before a route is chosen, so no encoding can name one route and reach
   * another. Everything stands below the base path. `{cluster}` and `{handle}` are one segment; a final `…` is whatever follows.
   */
  readonly path: string;
  readonly caller: Caller;
  /** `proxy` gets Node's own streams; the others speak Request and Response. */
  readonly handler: SiteHandlerName | ClusterHandlerName | 'proxy';
  /** Refusals here are looked at by a person. */
  readonly page?: true;
  /** The provider's own server calls here: it is no browser, carries no cookie of ours, and what it says is signed. */
  readonly fromAnywhere?: true;
}

/** The first path that fits decides. Rows of one path stand together, and each answers its own methods. */
export const ROUTES: readonly Route[] = [
  { methods: ['GET', 'HEAD'], path: '/config', caller: 'anyone', handler: 'config' },
  { methods: ['GET', 'HEAD'], path: '/healthz', caller: 'anyone', handler: 'health' },
  { methods: ['GET', 'HEAD'], path: '/livez', caller: 'anyone', handler: 'health' },
  { methods: ['GET', 'HEAD'], path: '/readyz', caller: 'anyone', handler: 'ready' },
  { methods: ['GET'], path: '/oidc', caller: 'anyone', handler: 'loginStart', page: true },
  { methods: ['GET'], path: '/oidc-callback', caller: 'login in flight', handler: 'loginCallback', page: true },
  { methods: ['GET'], path: '/oidc-logout', caller: 'anyone', handler: 'leaveProvider', page: true },
  { methods: ['GET'], path: '/signed-out', caller: 'anyone', handler: 'signedOut', page: true },
  {
    methods: ['POST'],
    path: '/oidc-backchannel-logout',
    caller: 'anyone',
    handler: 'backchannelLogout',
    fromAnywhere: true,
  },
  { methods: ['POST'], path: '/clusters/{cluster}/set-token', caller: 'anyone', handler: 'setToken' },
  { methods: ['GET'], path: '/clusters/{cluster}/me', caller: 'signed in', handler: 'me' },
  { methods: ['GET'], path: '/clusters/{cluster}/session', caller: 'session only', handler: 'session' },
  { methods: ['GET'], path: '/clusters/{cluster}/sessions', caller: 'session only', handler: 'sessions' },
  { methods: ['DELETE'], path: '/clusters/{cluster}/sessions', caller: 'session only', handler: 'endOtherSessions' },
  { methods: ['DELETE'], path: '/clusters/{cluster}/sessions/{handle}', caller: 'session only', handler: 'endSession' },
  { methods: ['POST'], path: '/clusters/{cluster}/logout', caller: 'anyone', handler: 'logout' },
  { methods: null, path: '/clusters/{cluster}/serviceproxy/…', caller: 'anyone', handler: 'notBuilt' },
  { methods: null, path: '/clusters/{cluster}/helm/…', caller: 'anyone', handler: 'notBuilt' },
  { methods: null, path: '/clusters/{cluster}/portforward', caller: 'anyone', handler: 'notBuilt' },
  { methods: null, path: '/clusters/{cluster}/portforward/…', caller: 'anyone', handler: 'notBuilt' },
  { methods: null, path: '/clusters/{cluster}', caller: 'signed in', handler: 'proxy' },
  { methods: null, path: '/clusters/{cluster}/…', caller: 'signed in', handler: 'proxy' },
  { methods: ['GET', 'HEAD'], path: '/plugins', caller: 'anyone', handler: 'plugins' },
  { methods: null, path: '/plugins/…', caller: 'anyone', handler: 'notBuilt' },
  { methods: null, path: '/user-plugins/…', caller: 'anyone', handler: 'notBuilt' },
  { methods: null, path: '/static-plugins/…', caller: 'anyone', handler: 'notBuilt' },
  { methods: null, path: '/auth/set-token', caller: 'anyone', handler: 'notBuilt' },
  { methods: null, path: '/externalproxy', caller: 'anyone', handler: 'notBuilt' },
  { methods: null, path: '/wsMultiplexer', caller: 'anyone', handler: 'notBuilt' },
  { methods: null, path: '/drain-node', caller: 'anyone', handler: 'notBuilt' },
  { methods: null, path: '/drain-node-status', caller: 'anyone', handler: 'notBuilt' },
  { methods: null, path: '/parseKubeConfig', caller: 'anyone', handler: 'notBuilt' },
  { methods: null, path: '/cluster', caller: 'anyone', handler: 'notBuilt' },
  { methods: null, path: '/cluster/…', caller: 'anyone', handler: 'notBuilt' },
  { methods: ['GET'], path: '/metrics', caller: 'anyone', handler: 'metrics' },
  { methods: ['GET', 'HEAD'], path: '/auth', caller: 'anyone', handler: 'site', page: true },
  { methods: ['GET', 'HEAD'], path: '/…', caller: 'anyone', handler: 'site', page: true },
];
