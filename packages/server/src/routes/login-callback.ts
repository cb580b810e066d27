/** GET /oidc-callback: the browser is back from the provider. Use up, judge, exchange, begin the session. */
import { createHash } from 'node:crypto';
import {
  type EpochSeconds,
  isLoginExpired,
  judgeCallback,
  type LoginTransaction,
  type Person,
  personFromClaims,
  type QueryPairs,
  type Result,
  readCallbackState,
  refuse,
} from '@lamplighter/auth-core';
import type { AuditLog } from '../audit.ts';
import type { Clusters } from '../clusters/registry.ts';
import type { IdentityConfig } from '../config/server-config.ts';
import { USED_STATE_TTL_SECONDS } from '../constants.ts';
import { readCookies } from '../http/cookies.ts';
import { replyRedirect } from '../http/replies.ts';
import type { EventLog } from '../log.ts';
import type { LoginCookies } from '../oidc/login-cookies.ts';
import type { OidcProvider, ProviderSource } from '../oidc/provider.ts';
import type { NewSession, Sessions } from '../sessions/sessions.ts';
import type { SessionStore } from '../sessions/store.ts';
import { type Handler, refused } from './exchange.ts';
import { readSessionMarks, sessionCookies } from './session-cookies.ts';

export interface LoginCallbackDeps {
  readonly clusters: Clusters;
  readonly provider: ProviderSource | null;
  readonly loginCookies: LoginCookies;
  readonly sessions: Sessions;
  readonly store: Pick<SessionStore, 'setIfAbsent'>;
  readonly identity: IdentityConfig;
  readonly audit: AuditLog;
  readonly log: EventLog;
  readonly now: () => EpochSeconds;
}

export function createLoginCallbackHandler(deps: LoginCallbackDeps): Handler {
  return async ({ incoming, origin, query, call }) => {
    const state = readCallbackState(query);
    if (!state.ok) return refused(state.refusal);
    const { cookie } = incoming.headers;
    const login = deps.loginCookies.find(state.value, readCookies(cookie), origin);
    // A state this browser does not hold uses nothing up: an attacker's link must not end somebody's login.
    if (login === undefined) return refused({ reason: 'state_unknown' });
    if (deps.provider === null) return refused({ reason: 'login_not_configured' });
    const provider = await deps.provider.get();
    // Nor does a provider this replica has not met yet: its login is good a moment later.
    if (!provider.ok) return refused(provider.refusal);
    const spent = deps.loginCookies.clear(login.state, origin);
    const session = await finishLogin(query, login, provider.value, deps);
    if (!session.ok) return refused(session.refusal, [spent]);
    const { cluster } = login;
    const replaced = readSessionMarks(cookie, cluster, origin);
    const { ticket, id, record } = await deps.sessions.begin(
      session.value,
      login.replacesSession === null ? replaced : [login.replacesSession, ...replaced],
    );
    deps.audit.signIn(call, record);
    const maxAgeSeconds = record.expiresAt - deps.now();
    const cookies = sessionCookies({ ticket, id, cluster, maxAgeSeconds }, origin);
    return replyRedirect(origin.basePath + login.returnPath, 303, [spent, ...cookies]);
  };
}

/** Nothing but the used state is written anywhere before the answer is verified. */
async function finishLogin(
  query: QueryPairs,
  login: LoginTransaction,
  provider: OidcProvider,
  deps: LoginCallbackDeps,
): Promise<Result<NewSession>> {
  const cluster = deps.clusters.find(login.cluster);
  if (!cluster.ok) return cluster;
  const { issuer, issPromised } = provider;
  const now = deps.now();
  if (isLoginExpired(login, now)) return refuse({ reason: 'login_expired', startedAt: login.startedAt });
  // Whatever the answer says, it is this login's one answer: after an error no code is taken any more.
  if (!(await useUp(login, deps.store))) return refuse({ reason: 'state_used' });
  const callback = judgeCallback({ query, login, issuer, issPromised, now });
  if (!callback.ok) return callback;
  const signedIn = await provider.exchange(callback.value, now);
  if (!signedIn.ok) return signedIn;
  const { claims, bearer, bearerExpiresAt, grant, profile } = signedIn.value;
  const person = personFromClaims(profile, deps.identity);
  warnOfMissingGroups(person, deps.log);
  return {
    ok: true,
    value: {
      method: 'oidc',
      cluster: login.cluster,
      bearer,
      tokenExpiresAt: bearerExpiresAt,
      person,
      identity: { issuer: claims.issuer, subject: claims.subject },
      grant,
    },
  };
}

// Before anything of the answer is judged, and in the store that all replicas share: a copied cookie and address finish a login once, not twice.
function useUp({ state }: LoginTransaction, store: LoginCallbackDeps['store']): Promise<boolean> {
  return store.setIfAbsent(`login ${createHash('sha256').update(state).digest('base64url')}`, USED_STATE_TTL_SECONDS);
}

function warnOfMissingGroups({ groupsIncomplete }: Person, log: EventLog): void {
  if (!groupsIncomplete) return;
  log.warn(
    'the provider left groups out of a token because there were too many; rights that hang on a missing one are missing too. Let it emit only the groups assigned to the application.',
  );
}
