/** Ends the session a browser holds for one cluster, for both routes that do. */
import type { Cluster } from '../clusters/registry.ts';
import { clearCookie, sessionCookieName } from '../http/cookies.ts';
import type { EventLog } from '../log.ts';
import type { Sessions } from '../sessions/sessions.ts';
import { findSession } from './decide-credential.ts';
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
  const found = await findSession(exchange.incoming, cluster, scheme, deps.sessions);
  if (found.ok) {
    await deps.sessions.end(found.value.id);
    deps.log.signOut(found.value.live.record);
  }
  return [clearCookie(sessionCookieName(cluster.name, scheme), 'Strict')];
}
