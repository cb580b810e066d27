/** Ends whatever session a browser holds for one cluster, for both routes that do, and tells the provider that its tokens are done with. */
import type { SessionRecord } from '@lamplighter/auth-core';
import type { AuditLog } from '../audit.ts';
import type { Cluster } from '../clusters/registry.ts';
import type { OidcProvider, ProviderSource } from '../oidc/provider.ts';
import type { Sessions } from '../sessions/sessions.ts';
import { findSessionsToEnd } from './decide-credential.ts';
import type { Errands } from './errands.ts';
import type { Exchange } from './exchange.ts';
import { clearSessionCookies } from './session-cookies.ts';

export interface EndSessionDeps {
  readonly sessions: Sessions;
  readonly provider: ProviderSource | null;
  readonly errands: Errands;
  readonly audit: AuditLog;
}

export interface EndedSessions {
  /** What has ended; empty when this browser held none. */
  readonly records: readonly SessionRecord[];
  /** The `Set-Cookie` values that make the browser forget it; also when there was none. */
  readonly cookies: readonly string[];
}

export async function endSession(exchange: Exchange, cluster: Cluster, deps: EndSessionDeps): Promise<EndedSessions> {
  const held = await findSessionsToEnd(exchange, cluster, deps.sessions);
  for (const { id, live } of held) {
    await deps.sessions.end(id);
    deps.audit.signOut(exchange.call, live.record);
    revokeLater(live.record, deps);
  }
  return {
    records: held.map(({ live }) => live.record),
    cookies: clearSessionCookies(cluster.name, exchange.origin),
  };
}

// RFC 7009. Nobody waits for it: the session has ended here whatever the provider says, and a provider that is away must not keep
// anybody signed in.
function revokeLater(record: SessionRecord, { provider, errands }: EndSessionDeps): void {
  const refreshToken = record.grant?.refreshToken ?? null;
  if (refreshToken === null) return;
  errands.run(async () => {
    const known = await knownProvider(provider);
    if (known?.began(record) === true) await known.revoke(refreshToken);
  });
}

/** The provider, if its discovery document was ever had: a sign-out never waits for one that was not. */
export async function knownProvider(source: ProviderSource | null): Promise<OidcProvider | null> {
  if (source === null || !source.initialised) return null;
  const provider = await source.get();
  return provider.ok ? provider.value : null;
}
