/** POST /clusters/{cluster}/logout: ends this browser's session for that cluster, and no other. */
import { replyJson } from '../http/replies.ts';
import type { LogoutResponse } from '../wire.ts';
import { type EndSessionDeps, endSession } from './end-session.ts';
import type { ClusterHandler } from './exchange.ts';

export function createLogoutHandler(deps: EndSessionDeps): ClusterHandler {
  return async (exchange, cluster) => {
    const body: LogoutResponse = {};
    return replyJson(body, await endSession(exchange, cluster, deps));
  };
}
