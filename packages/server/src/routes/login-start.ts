/** GET /oidc?cluster=c[&returnTo=/…]: begins a login and sends the browser to the provider. */
import { randomBytes } from 'node:crypto';
import {
  beginLogin,
  clusterPage,
  type EpochSeconds,
  LOGIN_SECRET_BYTES,
  parseReturnPath,
} from '@lamplighter/auth-core';
import type { Clusters } from '../clusters/registry.ts';
import { readCookies } from '../http/cookies.ts';
import type { PublicOrigin } from '../http/public-origin.ts';
import { replyRedirect } from '../http/replies.ts';
import type { LoginCookies } from '../oidc/login-cookies.ts';
import type { OidcProvider } from '../oidc/provider.ts';
import type { Sessions } from '../sessions/sessions.ts';
import { findSession } from './decide-credential.ts';
import { type Handler, refused } from './exchange.ts';

export interface LoginStartDeps {
  readonly clusters: Clusters;
  readonly provider: OidcProvider | null;
  readonly callbackUrl: string | null;
  readonly loginCookies: LoginCookies;
  readonly sessions: Sessions;
  readonly now: () => EpochSeconds;
}

export function createLoginStartHandler(deps: LoginStartDeps): Handler {
  return async ({ incoming, origin, query }) => {
    const names = query.filter(([name]) => name === 'cluster');
    if (names.length > 1) return refused({ reason: 'parameter_repeated', parameter: 'cluster' });
    const cluster = deps.clusters.find(names[0]?.[1] ?? '');
    if (!cluster.ok) return refused(cluster.refusal);
    if (deps.provider === null) return refused({ reason: 'login_not_configured' });
    const redirectUri = deps.callbackUrl ?? builtRedirectUri(origin);
    if (redirectUri === null) return refused({ reason: 'host_refused' });
    const { name } = cluster.value;
    const held = await findSession(incoming, cluster.value, origin.scheme, deps.sessions);
    const returnTo = query.find(([parameter]) => parameter === 'returnTo')?.[1];
    const begun = beginLogin(
      {
        cluster: name,
        returnPath: returnTo === undefined ? clusterPage(name) : parseReturnPath(returnTo),
        redirectUri,
        issuer: deps.provider.issuer,
        replacesSession: held.ok ? held.value.id : null,
      },
      {
        state: randomBytes(LOGIN_SECRET_BYTES),
        nonce: randomBytes(LOGIN_SECRET_BYTES),
        codeVerifier: randomBytes(LOGIN_SECRET_BYTES),
      },
      deps.now(),
    );
    // A browser drops a cookie that is too large without a word, and a sign-in could never end; the start page is better than that.
    const login = deps.loginCookies.fits(begun, origin.scheme) ? begun : { ...begun, returnPath: parseReturnPath('/') };
    const cookies = deps.loginCookies.start(login, readCookies(incoming.headers.cookie), origin.scheme);
    return replyRedirect(deps.provider.authorizationUrl(login), 302, cookies);
  };
}

/** Headlamp's rule. The provider compares it with what is registered, so a forged Host ends there. */
function builtRedirectUri({ scheme, host }: PublicOrigin): string | null {
  return host === '' ? null : new URL(`${scheme}://${host}/oidc-callback`).href;
}
