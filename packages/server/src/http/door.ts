/** The one door: every request passes its checks, is matched raw, and goes to its handler. Every refusal leaves through here, logged. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Result } from '@lamplighter/auth-core';
import type { Cluster, Clusters } from '../clusters/registry.ts';
import type { EventLog } from '../log.ts';
import { tell } from '../respond.ts';
import { readAuthorization } from '../routes/decide-credential.ts';
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
import { readCookies, sessionCookieName } from './cookies.ts';
import { type Match, matchRoute } from './match.ts';
import { isHostAnswered, type PublicOrigin, readPublicOrigin } from './public-origin.ts';
import { type Reader, replyTold } from './replies.ts';
import { judgeWrite } from './same-origin.ts';
import { sendResponse, toRequest } from './web-adapter.ts';

export interface DoorDeps {
  readonly site: Readonly<Record<SiteHandlerName, Handler>>;
  readonly cluster: Readonly<Record<ClusterHandlerName, ClusterHandler>>;
  readonly proxy: ProxyHandler;
  readonly clusters: Clusters;
  readonly listenAddress: string;
  readonly callbackUrl: string | null;
  readonly log: EventLog;
}

export type Door = (incoming: IncomingMessage, outgoing: ServerResponse) => Promise<void>;

export function createDoor(deps: DoorDeps): Door {
  return async (incoming, outgoing) => {
    const match = matchRoute(incoming.method ?? 'GET', incoming.url ?? '');
    const refuse = async ({ refusal, cookies }: Refused): Promise<void> => {
      const told = tell(refusal);
      const route = match.route?.path ?? '';
      deps.log.refused(refusal, { method: incoming.method ?? '', route, status: told.status });
      await sendResponse(replyTold(told, readerOf(match.route), cookies), outgoing);
    };
    try {
      const outcome = await enter({ incoming, outgoing, match, refuse }, deps);
      if (outcome instanceof Response) await sendResponse(outcome, outgoing);
      else if (outcome !== 'answered') await refuse(outcome);
    } catch (error) {
      deps.log.failure(error);
      if (outgoing.headersSent) outgoing.destroy();
      else await refuse(refused({ reason: error instanceof StoreUnavailable ? 'store_unavailable' : 'internal' }));
    }
  };
}

interface Call {
  readonly incoming: IncomingMessage;
  readonly outgoing: ServerResponse;
  readonly match: Match;
  readonly refuse: (refused: Refused) => Promise<void>;
}

/** `answered`: the proxy has the streams, or has given its own refusal. */
async function enter({ incoming, outgoing, match, refuse }: Call, deps: DoorDeps): Promise<Outcome | 'answered'> {
  const origin = readPublicOrigin({
    callbackUrl: deps.callbackUrl,
    hostHeader: incoming.headers.host,
    forwardedProto: headerOf(incoming, 'x-forwarded-proto'),
    remoteAddress: incoming.socket.remoteAddress,
  });
  if (!isHostAnswered(origin.host, deps.listenAddress, deps.callbackUrl)) return refused({ reason: 'host_refused' });
  if (!match.ok) return refused(match.refusal);
  const { handler } = match.route;
  if (isSiteHandler(handler)) {
    const write = judge(incoming, origin, null);
    return write.ok ? deps.site[handler](toExchange(incoming, origin)) : refused(write.refusal);
  }
  const cluster = deps.clusters.find(match.cluster ?? '');
  if (!cluster.ok) return refused(cluster.refusal);
  const write = judge(incoming, origin, cluster.value);
  if (!write.ok) return refused(write.refusal);
  if (handler !== 'proxy') return deps.cluster[handler](toExchange(incoming, origin), cluster.value);
  await deps.proxy({ incoming, outgoing, origin, cluster: cluster.value, rest: match.rest, refuse });
  return 'answered';
}

function isSiteHandler(handler: Route['handler']): handler is SiteHandlerName {
  return handler !== 'proxy' && !CLUSTER_HANDLERS.some((name) => name === handler);
}

function judge(incoming: IncomingMessage, own: PublicOrigin, cluster: Cluster | null): Result<null> {
  const hasOwnCredential = readAuthorization(incoming.rawHeaders) !== null;
  const cookies = readCookies(incoming.headers.cookie);
  const hasSession = cluster !== null && cookies.has(sessionCookieName(cluster.name, own.scheme));
  return judgeWrite({
    method: incoming.method ?? '',
    secFetchSite: headerOf(incoming, 'sec-fetch-site'),
    origin: headerOf(incoming, 'origin'),
    own,
    trustedWithoutOrigin: hasOwnCredential || !hasSession,
  });
}

function toExchange(incoming: IncomingMessage, origin: PublicOrigin): Exchange {
  const query = (incoming.url ?? '').split('?').slice(1).join('?');
  return { request: toRequest(incoming), incoming, origin, query: [...new URLSearchParams(query)] };
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
