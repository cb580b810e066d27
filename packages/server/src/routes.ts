/** Every route there is: method, path, who may call it, and who answers. A security review starts here. */

/**
 * Who gets past the handler's door. `anyone`: no credential is looked at. `login in flight`: only the browser that began the login.
 * `signed in`: an Authorization header or a session, decided in routes/decide-credential.ts. `session only`: it speaks of the browser's
 * session, which no header stands for. Below a cluster a malformed Authorization header is refused whoever may call.
 * Every write, whoever calls, must also come from our own page (http/same-origin.ts).
 */
export type Caller = 'anyone' | 'login in flight' | 'signed in' | 'session only';

/** Handlers that are given the cluster the path names. */
export const CLUSTER_HANDLERS = ['setToken', 'me', 'session', 'logout'] as const;
export type ClusterHandlerName = (typeof CLUSTER_HANDLERS)[number];

/** Handlers that need no cluster. */
export type SiteHandlerName =
  | 'config'
  | 'health'
  | 'ready'
  | 'loginStart'
  | 'loginCallback'
  | 'plugins'
  | 'notBuilt'
  | 'site';

export interface Route {
  /** Null: every method but TRACE and CONNECT. */
  readonly methods: readonly string[] | null;
  /**
   * Compared with the raw request target: nothing is decoded before a route is chosen, so no encoding can name one route and reach
   * another. `{cluster}` is one segment; a final `…` is whatever follows.
   */
  readonly path: string;
  readonly caller: Caller;
  /** `proxy` gets Node's own streams; the others speak Request and Response. */
  readonly handler: SiteHandlerName | ClusterHandlerName | 'proxy';
  /** Refusals here are looked at by a person. */
  readonly page?: true;
}

/** The first row whose path fits decides. */
export const ROUTES: readonly Route[] = [
  { methods: ['GET', 'HEAD'], path: '/config', caller: 'anyone', handler: 'config' },
  { methods: ['GET', 'HEAD'], path: '/healthz', caller: 'anyone', handler: 'health' },
  { methods: ['GET', 'HEAD'], path: '/livez', caller: 'anyone', handler: 'health' },
  { methods: ['GET', 'HEAD'], path: '/readyz', caller: 'anyone', handler: 'ready' },
  { methods: ['GET'], path: '/oidc', caller: 'anyone', handler: 'loginStart', page: true },
  { methods: ['GET'], path: '/oidc-callback', caller: 'login in flight', handler: 'loginCallback', page: true },
  { methods: ['POST'], path: '/clusters/{cluster}/set-token', caller: 'anyone', handler: 'setToken' },
  { methods: ['GET'], path: '/clusters/{cluster}/me', caller: 'signed in', handler: 'me' },
  { methods: ['GET'], path: '/clusters/{cluster}/session', caller: 'session only', handler: 'session' },
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
  { methods: null, path: '/metrics', caller: 'anyone', handler: 'notBuilt' },
  { methods: ['GET', 'HEAD'], path: '/…', caller: 'anyone', handler: 'site', page: true },
];
