/** Starts the real server, composed as in production, against stubs. */
import { parseClusterName, toIssuer } from '@lamplighter/auth-core';
import { createLamplighterServer, type Edges, type LamplighterServer } from '../compose.ts';
import type { OidcConfig, ServerConfig, SessionsConfig } from '../config/server-config.ts';
import { type MovedClock, movedClock } from './clock.ts';
import { type StubCluster, startStubCluster } from './stub-cluster.ts';
import { type StubProvider, startStubProvider } from './stub-provider.ts';
import { type Answer, Visitor } from './visitor.ts';

export interface TestServer extends AsyncDisposable {
  readonly url: string;
  readonly cluster: StubCluster;
  readonly provider: StubProvider;
  readonly clock: MovedClock;
  /** Every line that was logged. */
  readonly logged: readonly string[];
  readonly server: LamplighterServer;
  /** A browser that has never been here. */
  visitor(): Visitor;
}

/** To the server's configuration, and to its parts about sessions and the provider (null: none). */
export type Changes = Partial<Omit<ServerConfig, 'oidc' | 'sessions'>> & {
  readonly oidc?: Partial<OidcConfig> | null;
  readonly sessions?: Partial<SessionsConfig>;
  /** What the provider's discovery document says beside the usual; it is read once, at the start. */
  readonly metadata?: (issuer: string) => Readonly<Record<string, unknown>>;
};

/** What a second replica has in common with the first; it is not ended with the second. */
export type Shared = Partial<Pick<TestServer, 'cluster' | 'provider' | 'clock'>>;

export async function startTestServer(
  { metadata, ...changes }: Changes = {},
  edges: Edges = {},
  shared: Shared = {},
): Promise<TestServer> {
  await using started = new AsyncDisposableStack();
  const cluster = shared.cluster ?? started.use(await startStubCluster());
  const provider = shared.provider ?? started.use(await startStubProvider());
  if (metadata !== undefined) provider.metadata = metadata(provider.issuer);
  const clock = shared.clock ?? movedClock();
  const logged: string[] = [];
  const usual = usualConfig(cluster);
  const config: ServerConfig = {
    ...usual,
    ...changes,
    sessions: { ...usual.sessions, ...changes.sessions },
    oidc: oidcConfig(provider, changes.oidc),
  };
  const logSink = { write: (line: string) => void logged.push(line) };
  const server = started.use(await createLamplighterServer(config, { now: clock.now, logSink, ...edges }));
  const running = started.move();
  return {
    url: server.url,
    cluster,
    provider,
    clock,
    logged,
    server,
    visitor: () => new Visitor(server.url),
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}

/** Headlamp's defaults, where they decide anything. */
function usualConfig(cluster: StubCluster): ServerConfig {
  return {
    listen: { port: 0, address: '127.0.0.1', tls: null },
    basePath: '',
    clusters: [clusterConfig('main', cluster.url), clusterConfig('other', cluster.url)],
    oidc: null,
    sessions: { ttlSeconds: 3_600, idleTtlSeconds: null, store: { kind: 'memory' }, keys: [] },
    identity: {
      usernamePaths: ['preferred_username', 'upn', 'username', 'name'],
      emailPaths: ['email'],
      groupsPaths: ['groups', 'realm_access.roles'],
      userInfoUrl: '',
    },
    proxyAuth: false,
    identityHeaders: {
      username: 'x-forwarded-user',
      groups: 'x-forwarded-group',
      email: 'x-forwarded-email',
      token: 'x-forwarded-id-token',
    },
    trustedProxies: [],
    page: { staticDir: null, autoLogin: false, hideTokenLogin: false },
    metrics: false,
    logLevel: 'debug',
    warnings: [],
  };
}

export function clusterConfig(name: string, url: string): ServerConfig['clusters'][number] {
  const clusterName = parseClusterName(name);
  if (clusterName === undefined) throw new Error(`${name} is no cluster name`);
  const { origin, pathname } = new URL(url);
  const upstream = { origin, basePath: pathname.replace(/\/$/, ''), tls: { insecureSkipTlsVerify: false } };
  return { name: clusterName, upstream, namespace: '', source: 'kubeconfig', kubeconfigName: 'config' };
}

function oidcConfig(provider: StubProvider, changes: Partial<OidcConfig> | null = {}): OidcConfig | null {
  if (changes === null) return null;
  return {
    issuer: toIssuer(provider.issuer),
    clientId: provider.clientId,
    authentication: { method: 'client_secret_basic', secret: 'client s3cret:%' },
    scopes: ['openid', 'profile', 'email'],
    offlineAccess: false,
    usePkce: true,
    callbackUrl: null,
    validatorClientId: null,
    validatorIssuer: null,
    useAccessToken: false,
    userinfo: 'never',
    ca: null,
    skipTlsVerify: false,
    ...changes,
  };
}

/** Signs somebody in with the provider, as a browser would go. Returns the callback's answer. */
export async function signInWithProvider(
  test: Pick<TestServer, 'provider'>,
  visitor: Visitor,
  query = 'cluster=main',
  basePath = '',
): Promise<Answer> {
  const start = await visitor.get(`${basePath}/oidc?${query}`);
  return visitor.arrive(callbackPath(test, start.headers.location ?? ''));
}

/** The path and query of the way back from the provider. */
export function callbackPath({ provider }: Pick<TestServer, 'provider'>, authorizationUrl: string): string {
  const { pathname, search } = new URL(provider.approve(authorizationUrl));
  return pathname + search;
}

/** Signs somebody in whom the cluster knows by a token. */
export async function signInWithToken(
  world: TestServer,
  visitor: Visitor,
  token = 't0ken',
  cluster = 'main',
): Promise<Answer> {
  if (!world.cluster.users.has(token)) world.cluster.users.set(token, { username: 'ada', groups: ['platform'] });
  return visitor.post(`/clusters/${cluster}/set-token`, { token });
}

/** The cookie that opens the session, and its value. */
export function sessionCookie(visitor: Visitor): readonly [name: string, ticket: string] {
  return [...visitor.jar].find(([name]) => /lamplighter-session-[0-9a-f]{16}$/.test(name)) ?? ['', ''];
}

/** Every structured line of that event, in order. */
export function linesOf({ logged }: Pick<TestServer, 'logged'>, event: string): readonly Record<string, unknown>[] {
  return logged.map((line): Record<string, unknown> => JSON.parse(line)).filter((line) => line['event'] === event);
}
