/** The door alone, on a real socket, with handlers that only write down what they are given. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { accept, parseClusterName, refuse } from '@lamplighter/auth-core';
import { createAuditLog } from '../audit.ts';
import type { Cluster } from '../clusters/registry.ts';
import { createDoor, type DoorDeps } from '../http/door.ts';
import { createEventLog } from '../log.ts';
import type { Exchange, Handler } from '../routes/exchange.ts';
import { answerHealth } from '../routes/plain.ts';
import { CLUSTER_HANDLERS, type ClusterHandlerName, ROUTES, type SiteHandlerName } from '../routes.ts';
import { Visitor } from './visitor.ts';

export interface OpenDoor extends AsyncDisposable {
  readonly url: string;
  readonly visitor: Visitor;
  /** What handlers were given, in order. */
  readonly seen: readonly Exchange[];
  readonly logged: readonly string[];
}

/** @param handlers - in place of one that answers 200. */
export async function openDoor(
  handlers: Partial<Record<SiteHandlerName, Handler>> = {},
  changes: Partial<DoorDeps> = {},
): Promise<OpenDoor> {
  const seen: Exchange[] = [];
  const logged: string[] = [];
  const log = createEventLog('debug', { write: (line: string) => void logged.push(line) });
  const answer: Handler = async (exchange) => {
    seen.push(exchange);
    return new Response('{}');
  };
  // The door looks a cluster up and hands it on; nothing here ever asks it for anything.
  const cluster = { name: parseClusterName('main') } as Cluster;
  const siteNames = ROUTES.map(({ handler }) => handler).filter((name) => name !== 'proxy');
  const deps: DoorDeps = {
    // Every handler a route names is in the one list or the other.
    site: Object.fromEntries(siteNames.map((name) => [name, answer])) as DoorDeps['site'],
    cluster: Object.fromEntries(CLUSTER_HANDLERS.map((name) => [name, answer])) as Record<ClusterHandlerName, Handler>,
    proxy: async ({ outgoing }) => void outgoing.end('{}'),
    clusters: {
      all: [cluster],
      find: (name) => (name === cluster.name ? accept(cluster) : refuse({ reason: 'cluster_unknown' })),
      close: async () => undefined,
    },
    isTrustedProxy: () => false,
    listenAddress: '127.0.0.1',
    callbackUrl: null,
    basePath: '',
    native: false,
    log,
    audit: createAuditLog(log, null),
    metrics: null,
    ...changes,
  };
  const door = createDoor({ ...deps, site: { ...deps.site, health: answerHealth, ...handlers } });
  const server = createServer((incoming, outgoing) => void door(incoming, outgoing));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  // Listening on a port always yields an AddressInfo.
  const { port } = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}`;
  return {
    url,
    visitor: new Visitor(url),
    seen,
    logged,
    [Symbol.asyncDispose]: () => new Promise<void>((resolve) => void server.close(() => resolve())),
  };
}

export function auditLines({ logged }: Pick<OpenDoor, 'logged'>): readonly Record<string, unknown>[] {
  return logged.map((line): Record<string, unknown> => JSON.parse(line)).filter((line) => line['event'] === 'audit');
}
