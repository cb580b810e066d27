/** What tests of open streams share: sessions in memory, a small cluster, and a front that forwards what is asked to it. */
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, get, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { accept } from '@lamplighter/auth-core';
import { Credential, parseUpstreamPath, type RunningExchange } from '@lamplighter/proxy';
import { type Cluster, createClusters } from '../clusters/registry.ts';
import type { Refresher } from '../sessions/refresher.ts';
import { type BegunSession, main, openWorld, type SessionsWorld } from '../sessions/sessions.fixture.ts';
import type { FoundSession, SessionLimits } from '../sessions/sessions.ts';
import { type StubCluster, startStubCluster } from '../testing/stub-cluster.ts';
import { createSessionReview, type ReviewSession } from './review-session.ts';

export const ADDED = { type: 'ADDED', object: { kind: 'Pod' } };

export interface StreamsWorld extends AsyncDisposable {
  readonly world: SessionsWorld;
  readonly stub: StubCluster;
  readonly cluster: Cluster;
  readonly review: ReviewSession;
  /** What freshening comes to; a test may change it. */
  freshen: Refresher['freshen'];
  /** Everything that failed for a reason of ours; a test expects none. */
  readonly failures: readonly unknown[];
  readonly log: { failure(error: unknown): void };
  /** Signs somebody in whom the cluster knows. */
  signIn(): Promise<BegunSession>;
  /** Asks the cluster through the proxy, and waits for the answer's headers. */
  open(path?: string): Promise<{ readonly answer: IncomingMessage; readonly running: RunningExchange }>;
}

export async function startStreams(limits: Partial<SessionLimits> = {}): Promise<StreamsWorld> {
  await using started = new AsyncDisposableStack();
  const world = started.use(await openWorld(limits));
  const stub = started.use(await startStubCluster());
  stub.respond = stub.watch;
  const upstream = { origin: stub.url, basePath: '', tls: { insecureSkipTlsVerify: false } };
  const identity = { username: 'x-user', groups: 'x-groups', email: 'x-email', token: 'x-token' };
  const config = { name: main, upstream, namespace: '', source: 'kubeconfig', kubeconfigName: 'config' } as const;
  const clusters = started.adopt(createClusters([config], identity), (opened) => opened.close());
  const [cluster] = clusters.all;
  if (cluster === undefined) throw new Error('it was given one cluster');

  let last: RunningExchange | undefined;
  const front = createServer((request, response) => {
    const path = parseUpstreamPath(request.url ?? '', '');
    if (path === undefined) return void response.writeHead(400).end();
    const onFailure = (): void => void response.writeHead(502).end();
    const own = { credential: new Credential('bearer-1'), auditId: randomUUID() };
    last = cluster.connection.forward({ request, response, path, ...own, onFailure });
  });
  await new Promise<void>((resolve) => front.listen(0, '127.0.0.1', resolve));
  started.defer(() => {
    front.closeAllConnections();
    front.close();
  });
  // Listening on a port always yields an AddressInfo.
  const { port } = front.address() as AddressInfo;

  const failures: unknown[] = [];
  const freshen = async (found: FoundSession) => accept(found);
  const review = createSessionReview({
    sessions: world.sessions,
    refresher: { freshen: (found) => streams.freshen(found) },
    now: world.clock.now,
  });
  const streams: StreamsWorld = {
    world,
    stub,
    cluster,
    review,
    freshen,
    failures,
    log: { failure: (error) => void failures.push(error) },
    signIn: async () => {
      const begun = await world.begin();
      const { bearer } = begun.found.live.record;
      stub.users.set(bearer, { username: 'ada', groups: [] });
      return begun;
    },
    open: async (path = '/api/v1/pods?watch=1') => {
      const [answer] = (await once(get(`http://127.0.0.1:${port}${path}`), 'response')) as [IncomingMessage];
      // A cut connection is an error to its reader; tests look at how it ended.
      answer.on('error', () => undefined);
      if (last === undefined) throw new Error('it was forwarded');
      return { answer, running: last };
    },
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
  const running = started.move();
  return streams;
}
