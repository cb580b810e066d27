/** The one door: every request passes its checks, is matched raw, and goes to its handler. Every refusal leaves through here, logged. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Refusal } from '@lamplighter/auth-core';
import type { Cluster, Clusters } from '../clusters/registry.ts';
import type { EventLog } from '../log.ts';
import { tell } from '../respond.ts';
import { readAuthorization } from '../routes/decide-credential.ts';
import type { ClusterHandler, Handler } from '../routes/exchange.ts';
import type { ProxyHandler } from '../routes/proxy.ts';
import { CLUSTER_HANDLERS, type ClusterHandlerName, type Route, type SiteHandlerName } from '../routes.ts';
import { StoreUnavailable } from '../sessions/store.ts';
import { readCookies, sessionCookieName } from './cookies.ts';
import { matchRoute } from './match.ts';
import { isHostAnswered, type PublicOrigin, readPublicOrigin } from './public-origin.ts';
import { kubernetesStatus, replyRefusal } from './replies.ts';
import { judgeWrite } from './same-origin.ts';
import { JSON_HEADERS } from './security-headers.ts';
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
