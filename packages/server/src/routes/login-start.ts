/** GET /oidc?cluster=c[&returnTo=/…]: begins a login and sends the browser to the provider. */
import { randomBytes } from 'node:crypto';
import {
  authLanding,
  beginLogin,
  type EpochSeconds,
  LOGIN_SECRET_BYTES,
  parseReturnPath,
  type QueryPairs,
  type Result,
  refuse,
} from '@lamplighter/auth-core';
import type { Clusters } from '../clusters/registry.ts';
import { readCookies } from '../http/cookies.ts';
import type { PublicOrigin } from '../http/public-origin.ts';
import { replyRedirect } from '../http/replies.ts';
import type { LoginCookies } from '../oidc/login-cookies.ts';
import type { ProviderSource } from '../oidc/provider.ts';
import type { Sessions } from '../sessions/sessions.ts';
import { findSessionsToEnd } from './decide-credential.ts';
import { type Handler, refused } from './exchange.ts';

export interface LoginStartDeps {
  readonly clusters: Clusters;
  readonly provider: ProviderSource | null;
  readonly callbackUrl: string | null;
  readonly loginCookies: LoginCookies;
  readonly sessions: Sessions;
  readonly now: () => EpochSeconds;
}

export function createLoginStartHandler(deps: LoginStartDeps): Handler {
  return async (exchange) => {
    const { incoming, origin, query } = exchange;
    const wish = readWish(query);
    if (!wish.ok) return refused(wish.refusal);
    const cluster = deps.clusters.find(wish.value.cluster);
    if (!cluster.ok) return refused(cluster.refusal);
    if (deps.provider === null) return refused({ reason: 'login_not_configured' });
    const redirectUri = deps.callbackUrl ?? builtRedirectUri(origin);
    if (redirectUri === null) return refused({ reason: 'host_refused' });
    const provider = await deps.provider.get();
    if (!provider.ok) return refused(provider.refusal);
    const { name } = cluster.value;
    const [held] = await findSessionsToEnd(exchange, cluster.value, deps.sessions);
    const { returnTo } = wish.value;
    const begun = beginLogin(
      {
        cluster: name,
        // Headlamp's own frontend opens this in a popup and waits for that page to say that it is done.
        returnPath: returnTo === undefined ? authLanding(name) : parseReturnPath(returnTo),
        redirectUri,
        issuer: provider.value.issuer,
        replacesSession: held?.id ?? null,
      },
      {
        state: randomBytes(LOGIN_SECRET_BYTES),
        nonce: randomBytes(LOGIN_SECRET_BYTES),
        codeVerifier: randomBytes(LOGIN_SECRET_BYTES),
      },
      deps.now(),
    );
    // A browser drops a cookie that is too large without a word, and a sign-in could never end; the start page is better than that.
    const login = deps.loginCookies.fits(begun, origin) ? begun : { ...begun, returnPath: parseReturnPath('/') };
    const cookies = deps.loginCookies.start(login, readCookies(incoming.headers.cookie), origin);
    return replyRedirect(provider.value.authorizationUrl(login), 302, cookies);
  };
}

/** `returnTo` is a path below the base path. */
function readWish(query: QueryPairs): Result<{ readonly cluster: string; readonly returnTo: string | undefined }> {
  for (const parameter of ['cluster', 'returnTo']) {
    if (query.filter(([name]) => name === parameter).length > 1) {
      return refuse({ reason: 'parameter_repeated', parameter });
    }
  }
  const { cluster = '', returnTo } = Object.fromEntries(query);
  return { ok: true, value: { cluster, returnTo } };
}

/** Headlamp's rule. The provider compares it with what is registered, so a forged Host ends there. */
function builtRedirectUri({ scheme, host, basePath }: PublicOrigin): string | null {
  return host === '' ? null : new URL(`${scheme}://${host}${basePath}/oidc-callback`).href;
}
