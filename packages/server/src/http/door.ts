/** The one door: every request passes its checks, is matched raw, and goes to its handler. Every refusal leaves through here, logged. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Result } from '@lamplighter/auth-core';
import type { Clusters } from '../clusters/registry.ts';
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
import { judgeFraming } from './framing.ts';
import { type Match, matchRoute } from './match.ts';
import { isHostAnswered, type PublicOrigin, readPublicOrigin } from './public-origin.ts';
import { type Reader, replyTold } from './replies.ts';
import { judgeWrite } from './same-origin.ts';
import { transportHeaders } from './security-headers.ts';
import { sendResponse, toRequest } from './web-adapter.ts';

export interface DoorDeps {
  readonly site: Readonly<Record<SiteHandlerName, Handler>>;
  readonly cluster: Readonly<Record<ClusterHandlerName, ClusterHandler>>;
  readonly proxy: ProxyHandler;
  readonly clusters: Clusters;
  readonly isTrustedProxy: (remoteAddress: string | undefined) => boolean;
  readonly listenAddress: string;
  readonly callbackUrl: string | null;
  readonly log: EventLog;
}

export type Door = (incoming: IncomingMessage, outgoing: ServerResponse) => Promise<void>;

export function createDoor(deps: DoorDeps): Door {
  return async (incoming, outgoing) => {
    const origin = originOf(incoming, deps);
    const match = matchRoute(incoming.method ?? 'GET', incoming.url ?? '');
    const send = (response: Response): Promise<void> => sendResponse(response, outgoing, transportHeaders(origin));
    const refuse = async ({ refusal, cookies }: Refused): Promise<void> => {
      const told = tell(refusal);
      const route = match.route?.path ?? '';
      deps.log.refused(refusal, { method: incoming.method ?? '', route, status: told.status });
      await send(replyTold(told, readerOf(match.route), cookies));
    };
    try {
      const outcome = await enter({ incoming, outgoing, origin, match, refuse }, deps);
      if (outcome instanceof Response) await send(outcome);
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
  readonly origin: PublicOrigin;
  readonly match: Match;
  readonly refuse: (refused: Refused) => Promise<void>;
}

/** `answered`: the proxy has the streams, or has given its own refusal. */
async function enter(
  { incoming, outgoing, origin, match, refuse }: Call,
  deps: DoorDeps,
): Promise<Outcome | 'answered'> {
  const framing = judgeFraming(incoming);
  if (!framing.ok) {
    // Where the next request on this connection would begin is anybody's guess.
    outgoing.shouldKeepAlive = false;
    return refused(framing.refusal);
  }
  if (!isHostAnswered(origin.host, deps.listenAddress, deps.callbackUrl)) return refused({ reason: 'host_refused' });
  if (!match.ok) return refused(match.refusal);
  // On every route below a cluster, whether its handler would look at the header or not: never passed over.
  const authorization = match.cluster === null ? null : readAuthorization(incoming.rawHeaders);
  if (authorization !== null && !authorization.ok) return refused(authorization.refusal);
  const { handler } = match.route;
  if (isSiteHandler(handler)) {
    const write = judge(incoming, origin);
    return write.ok ? deps.site[handler](toExchange(incoming, origin)) : refused(write.refusal);
  }
  const cluster = deps.clusters.find(match.cluster ?? '');
  if (!cluster.ok) return refused(cluster.refusal);
  const write = judge(incoming, origin);
  if (!write.ok) return refused(write.refusal);
  if (handler !== 'proxy') return deps.cluster[handler](toExchange(incoming, origin), cluster.value);
  await deps.proxy({ incoming, outgoing, origin, cluster: cluster.value, rest: match.rest, refuse });
  return 'answered';
}

function originOf(incoming: IncomingMessage, deps: DoorDeps): PublicOrigin {
  return readPublicOrigin({
    callbackUrl: deps.callbackUrl,
    hostHeader: incoming.headers.host,
    forwardedProto: headerOf(incoming, 'x-forwarded-proto'),
    fromTrustedProxy: deps.isTrustedProxy(incoming.socket.remoteAddress),
  });
}

function isSiteHandler(handler: Route['handler']): handler is SiteHandlerName {
  return handler !== 'proxy' && !CLUSTER_HANDLERS.some((name) => name === handler);
}

function judge(incoming: IncomingMessage, own: PublicOrigin): Result<null> {
  return judgeWrite({
    method: incoming.method ?? '',
    secFetchSite: headerOf(incoming, 'sec-fetch-site'),
    origin: headerOf(incoming, 'origin'),
    own,
    bringsAuthorization: readAuthorization(incoming.rawHeaders)?.ok === true,
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
