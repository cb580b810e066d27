/** GET /oidc-callback: the browser is back from the provider. Use up, judge, exchange, begin the session. */
import { createHash } from 'node:crypto';
import {
  type EpochSeconds,
  isLoginExpired,
  judgeCallback,
  type LoginTransaction,
  personFromClaims,
  type Result,
  readCallbackState,
  refuse,
} from '@lamplighter/auth-core';
import type { Clusters } from '../clusters/registry.ts';
import { USED_STATE_TTL_SECONDS } from '../constants.ts';
import { formatCookie, readCookies, sessionCookieName } from '../http/cookies.ts';
import { replyRedirect } from '../http/replies.ts';
import type { EventLog } from '../log.ts';
import type { LoginCookies } from '../oidc/login-cookies.ts';
import type { OidcProvider } from '../oidc/provider.ts';
import type { NewSession, Sessions } from '../sessions/sessions.ts';
import type { SessionStore } from '../sessions/store.ts';
import { type Exchange, type Handler, refused } from './exchange.ts';

export interface LoginCallbackDeps {
  readonly clusters: Clusters;
  readonly provider: OidcProvider | null;
  readonly loginCookies: LoginCookies;
  readonly sessions: Sessions;
  readonly store: Pick<SessionStore, 'setIfAbsent'>;
  readonly log: EventLog;
  readonly now: () => EpochSeconds;
}

export function createLoginCallbackHandler(deps: LoginCallbackDeps): Handler {
  return async (exchange) => {
    const { incoming, origin, query } = exchange;
    const state = readCallbackState(query);
    if (!state.ok) return refused(state.refusal);
    const login = deps.loginCookies.find(state.value, readCookies(incoming.headers.cookie), origin.scheme);
    // A state this browser does not hold uses nothing up: an attacker's link must not end somebody's login.
    if (login === undefined) return refused({ reason: 'state_unknown' });
    const spent = deps.loginCookies.clear(login.state, origin.scheme);
    const session = await finishLogin(exchange, login, deps);
    if (!session.ok) return refused(session.refusal, [spent]);
    const { ticket, record } = await deps.sessions.begin(
      session.value,
      login.replacesSession === null ? [] : [login.replacesSession],
    );
    deps.log.signIn(record);
    const cookie = formatCookie({
      name: sessionCookieName(record.cluster, origin.scheme),
      value: ticket,
      maxAgeSeconds: record.expiresAt - deps.now(),
      sameSite: 'Strict',
    });
    return replyRedirect(login.returnPath, 303, [spent, cookie]);
  };
}

async function finishLogin(
  { query }: Exchange,
  login: LoginTransaction,
  deps: LoginCallbackDeps,
): Promise<Result<NewSession>> {
  const { provider, clusters, store, now } = deps;
  if (provider === null) return refuse({ reason: 'login_not_configured' });
  const cluster = clusters.find(login.cluster);
  if (!cluster.ok) return cluster;
  const { issuer, issPromised } = provider;
  if (isLoginExpired(login, now())) return refuse({ reason: 'login_expired', startedAt: login.startedAt });
  // Whatever the answer says, it is this login's one answer: after an error no code is taken any more.
  if (!(await useUp(login, store))) return refuse({ reason: 'state_used' });
  const callback = judgeCallback({ query, login, issuer, issPromised, now: now() });
  if (!callback.ok) return callback;
  const signedIn = await provider.exchange(callback.value, now());
  if (!signedIn.ok) return signedIn;
  const { claims, idToken } = signedIn.value;
  return {
    ok: true,
    value: {
      method: 'oidc',
      cluster: login.cluster,
      bearer: idToken,
      person: personFromClaims(claims.all),
      identity: { issuer: claims.issuer, subject: claims.subject },
      tokenExpiresAt: claims.expiresAt,
    },
  };
}

// Before anything of the answer is judged, and in the store that all replicas share: a copied cookie and address finish a login once, not twice.
function useUp({ state }: LoginTransaction, store: LoginCallbackDeps['store']): Promise<boolean> {
  return store.setIfAbsent(`login ${createHash('sha256').update(state).digest('base64url')}`, USED_STATE_TTL_SECONDS);
}
