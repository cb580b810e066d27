/** Ends whatever session a browser holds for one cluster, for both routes that do. */
import type { Cluster } from '../clusters/registry.ts';
import { clearCookie, sessionCookieName } from '../http/cookies.ts';
import type { EventLog } from '../log.ts';
import type { Sessions } from '../sessions/sessions.ts';
import { findSessionsToEnd } from './decide-credential.ts';
import type { Exchange } from './exchange.ts';

export interface EndSessionDeps {
  readonly sessions: Sessions;
  readonly log: EventLog;
}

/** @returns the `Set-Cookie` values that make the browser forget it; also when there was none. */
export async function endSession(
  exchange: Exchange,
  cluster: Cluster,
  deps: EndSessionDeps,
): Promise<readonly string[]> {
  const { scheme } = exchange.origin;
  for (const { id, live } of await findSessionsToEnd(exchange.incoming, cluster, scheme, deps.sessions)) {
    await deps.sessions.end(id);
    deps.log.signOut(live.record);
  }
  return [clearCookie(sessionCookieName(cluster.name, scheme), 'Strict')];
}
