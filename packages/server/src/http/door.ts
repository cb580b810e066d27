/** The one door: every request passes its checks, is matched raw, and goes to its handler. Every refusal leaves through here, logged. */
import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { accept, type Result } from '@lamplighter/auth-core';
import type { AuditedCall, AuditLog } from '../audit.ts';
import type { Clusters } from '../clusters/registry.ts';
import type { EventLog } from '../log.ts';
import type { Metrics } from '../metrics.ts';
import { tell } from '../respond.ts';
import { readAuthorization } from '../routes/bearer-headers.ts';
import {
  type ClusterHandler,
  type Exchange,
  type Handler,
  type Outcome,
  type Refused,
  refused,
} from '../routes/exchange.ts';
import type { ProxyHandler } from '../routes/proxy.ts';
import { CLUSTER_HANDLERS, type ClusterHandlerName, type Route, type SiteHandlerName } from '../routes.ts';
import { StoreUnavailable } from '../sessions/store.ts';
import { belowBasePath } from './base-path.ts';
import { measure } from './duration.ts';
import { judgeFraming } from './framing.ts';
import { type Match, matchRoute } from './match.ts';
import { isHostAnswered, type PublicOrigin, readPublicOrigin } from './public-origin.ts';
import { type Reader, replyTold } from './replies.ts';
import { judgeWrite } from './same-origin.ts';
import { transportHeaders } from './security-headers.ts';
import { sendResponse, toRequest } from './web-adapter.ts';
import { recordRefusal } from './write-down.ts';

export interface DoorDeps {
  readonly site: Readonly<Record<SiteHandlerName, Handler>>;
  readonly cluster: Readonly<Record<ClusterHandlerName, ClusterHandler>>;
  readonly proxy: ProxyHandler;
  readonly clusters: Clusters;
  readonly isTrustedProxy: (remoteAddress: string | undefined) => boolean;
  readonly listenAddress: string;
  readonly callbackUrl: string | null;
  /** Empty, or `/lamp`. */
  readonly basePath: string;
  /** Whether the listener speaks TLS itself. */
  readonly native: boolean;
  readonly log: EventLog;
  readonly audit: AuditLog;
  /** Null: nothing is counted. */
  readonly metrics: Metrics | null;
}

export type Door = (incoming: IncomingMessage, outgoing: ServerResponse) => Promise<void>;

export function createDoor(deps: DoorDeps): Door {
  return async (incoming, outgoing) => {
    const fromTrustedProxy = deps.isTrustedProxy(incoming.socket.remoteAddress);
    const origin = originOf(incoming, fromTrustedProxy, deps);
    const verb = incoming.method ?? '';
    const match = matchRoute(verb, belowBasePath(incoming.url ?? '', deps.basePath));
    const call: AuditedCall = { requestId: randomUUID(), route: match.route?.path ?? '', verb };
    if (deps.metrics !== null) measure(outgoing, call.route, deps.metrics);
    const more = { ...transportHeaders(origin), 'Audit-ID': call.requestId };
    const send = (response: Response): Promise<void> => sendResponse(response, outgoing, more);
    const refuse = async ({ refusal, cookies }: Refused): Promise<void> => {
      const told = tell(refusal);
      recordRefusal({ refusal, status: told.status, call, cluster: knownCluster(match, deps) }, deps);
      await send(replyTold(told, readerOf(match.route), cookies, deps.basePath));
    };
    try {
      const visit = { incoming, outgoing, origin, match, call, fromTrustedProxy, refuse };
      const outcome = await enter(visit, deps);
      if (outcome instanceof Response) await send(outcome);
      else if (outcome !== 'answered') await refuse(outcome);
    } catch (error) {
      deps.log.failure(error);
      if (outgoing.headersSent) outgoing.destroy();
      else await refuse(refused({ reason: error instanceof StoreUnavailable ? 'store_unavailable' : 'internal' }));
    }
  };
}

interface Visit {
  readonly incoming: IncomingMessage;
  readonly outgoing: ServerResponse;
  readonly origin: PublicOrigin;
  readonly match: Match;
  readonly call: AuditedCall;
  readonly fromTrustedProxy: boolean;
  readonly refuse: (refused: Refused) => Promise<void>;
}

/** `answered`: the proxy has the streams, or has given its own refusal. */
async function enter(visit: Visit, deps: DoorDeps): Promise<Outcome | 'answered'> {
  const { incoming, outgoing, origin, match, call, fromTrustedProxy, refuse } = visit;
  const framing = judgeFraming(incoming);
  if (!framing.ok) {
    // Where the next request on this connection would begin is anybody's guess.
    outgoing.shouldKeepAlive = false;
    return refused(framing.refusal);
  }
  if (!isHostAnswered(origin.host, deps.listenAddress, deps.callbackUrl)) return refused({ reason: 'host_refused' });
  if (!match.ok) return refused(match.refusal);
  // On every route below a cluster, whether its handler would look at the header or not: never passed over.
  const authorization = readAuthorization(incoming.rawHeaders);
  if (match.cluster !== null && authorization?.ok === false) return refused(authorization.refusal);
  const { handler } = match.route;
  const write = judge(incoming, origin, match.route, authorization?.ok === true);
  if (isSiteHandler(handler)) {
    return write.ok ? deps.site[handler](toExchange(visit, match.handle)) : refused(write.refusal);
  }
  const cluster = deps.clusters.find(match.cluster ?? '');
  if (!cluster.ok) return refused(cluster.refusal);
  if (!write.ok) return refused(write.refusal);
  if (handler !== 'proxy') return deps.cluster[handler](toExchange(visit, match.handle), cluster.value);
  const ended = deps.metrics?.forwarding();
  if (ended !== undefined) outgoing.once('close', ended);
  const { rest } = match;
  await deps.proxy({ incoming, outgoing, origin, call, fromTrustedProxy, cluster: cluster.value, rest, refuse });
  return 'answered';
}

function originOf(incoming: IncomingMessage, fromTrustedProxy: boolean, deps: DoorDeps): PublicOrigin {
  return readPublicOrigin({
    callbackUrl: deps.callbackUrl,
    native: deps.native,
    basePath: deps.basePath,
    hostHeader: incoming.headers.host,
    forwardedProto: headerOf(incoming, 'x-forwarded-proto'),
    fromTrustedProxy,
  });
}

/** Only a name that is ours gets into the audit trail, and not whatever stood in the path. */
function knownCluster(match: Match, { clusters }: DoorDeps): string | null {
  if (!match.ok || match.cluster === null) return null;
  const cluster = clusters.find(match.cluster);
  return cluster.ok ? cluster.value.name : null;
}

function isSiteHandler(handler: Route['handler']): handler is SiteHandlerName {
  return handler !== 'proxy' && !CLUSTER_HANDLERS.some((name) => name === handler);
}

function judge(incoming: IncomingMessage, own: PublicOrigin, route: Route, bringsAuthorization: boolean): Result<null> {
  if (route.fromAnywhere === true) return accept(null);
  return judgeWrite({
    method: incoming.method ?? '',
    secFetchSite: headerOf(incoming, 'sec-fetch-site'),
    origin: headerOf(incoming, 'origin'),
    own,
    bringsAuthorization,
  });
}

function toExchange({ incoming, origin, call, fromTrustedProxy }: Visit, handle: string | null): Exchange {
  const query = (incoming.url ?? '').split('?').slice(1).join('?');
  const pairs = [...new URLSearchParams(query)];
  return { request: toRequest(incoming), incoming, origin, handle, query: pairs, call, fromTrustedProxy };
}

function readerOf(route: Route | null): Reader {
  if (route?.handler === 'proxy') return 'cluster client';
  return route?.page === true ? 'person' : 'program';
}

/** Node joins repeats of these with a comma, which then equal nothing we look for. */
function headerOf(incoming: IncomingMessage, name: string): string | undefined {
  const value = incoming.headers[name];
  return Array.isArray(value) ? value.join(',') : value;
}
