/** Starts the real server, composed as in production, against stubs. */
import { parseClusterName, toIssuer } from '@lamplighter/auth-core';
import { createLamplighterServer, type Edges, type LamplighterServer } from '../compose.ts';
import type { OidcConfig, ServerConfig } from '../config/server-config.ts';
import { type MovedClock, movedClock } from './clock.ts';
import { type StubCluster, startStubCluster } from './stub-cluster.ts';
import { type StubProvider, startStubProvider } from './stub-provider.ts';
import { Visitor } from './visitor.ts';

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

/** @param changes - to the server's configuration, and to its part about the provider (null: none). */
export async function startTestServer(
  changes: Partial<Omit<ServerConfig, 'oidc'>> & { readonly oidc?: Partial<OidcConfig> | null } = {},
  edges: Edges = {},
): Promise<TestServer> {
  await using started = new AsyncDisposableStack();
  const cluster = started.use(await startStubCluster());
  const provider = started.use(await startStubProvider());
  const clock = movedClock();
  const logged: string[] = [];
  const config = { ...defaults(cluster), ...changes, oidc: oidcConfig(provider, changes.oidc) };
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

function defaults(cluster: StubCluster): ServerConfig {
  return {
    listen: { port: 0, address: '127.0.0.1' },
    clusters: [clusterConfig('main', cluster.url), clusterConfig('other', cluster.url)],
    oidc: null,
    sessions: { ttlSeconds: 3_600, store: { kind: 'memory' }, sealingKeys: [] },
    trustedProxies: [],
    htmlStaticDir: null,
    logLevel: 'debug',
    warnings: [],
  };
}

export function clusterConfig(name: string, url: string): ServerConfig['clusters'][number] {
  const clusterName = parseClusterName(name);
  if (clusterName === undefined) throw new Error(`${name} is no cluster name`);
  const { origin, pathname } = new URL(url);
  const upstream = { origin, basePath: pathname.replace(/\/$/, ''), tls: { insecureSkipTlsVerify: false } };
  return { name: clusterName, upstream, namespace: '', kubeconfigName: 'config' };
}

function oidcConfig(provider: StubProvider, changes: Partial<OidcConfig> | null = {}): OidcConfig | null {
  if (changes === null) return null;
  return {
    issuer: toIssuer(provider.issuer),
    clientId: provider.clientId,
    clientSecret: 'client s3cret:%',
    scopes: ['openid', 'profile', 'email'],
    usePkce: true,
    callbackUrl: null,
    ca: null,
    ...changes,
  };
}

/** Signs somebody in with the provider, as a browser would go. Returns the callback's answer. */
export async function signInWithProvider(
  test: TestServer,
  visitor: Visitor,
  query = 'cluster=main',
): ReturnType<Visitor['get']> {
  const start = await visitor.get(`/oidc?${query}`);
  return visitor.get(callbackPath(test, start.headers.location ?? ''));
}

/** The path and query of the way back from the provider. */
export function callbackPath({ provider }: TestServer, authorizationUrl: string): string {
  const { pathname, search } = new URL(provider.approve(authorizationUrl));
  return pathname + search;
}
