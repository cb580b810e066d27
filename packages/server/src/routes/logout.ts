/** POST /clusters/{cluster}/logout: ends this browser's session for that cluster, and says how to end the one with its provider. */
import { randomBytes } from 'node:crypto';
import { encodeBase64url, LOGIN_SECRET_BYTES, type SessionRecord } from '@lamplighter/auth-core';
import type { PublicOrigin } from '../http/public-origin.ts';
import { replyJson } from '../http/replies.ts';
import type { LogoutCookies } from '../oidc/logout-cookies.ts';
import type { OidcProvider } from '../oidc/provider.ts';
import type { LogoutResponse } from '../wire.ts';
import { type EndSessionDeps, endSession, knownProvider } from './end-session.ts';
import type { ClusterHandler } from './exchange.ts';

export interface LogoutDeps extends EndSessionDeps {
  readonly callbackUrl: string | null;
  readonly logoutCookies: LogoutCookies;
}

export function createLogoutHandler(deps: LogoutDeps): ClusterHandler {
  return async (exchange, cluster) => {
    const { records, cookies } = await endSession(exchange, cluster, deps);
    const provider = await knownProvider(deps.provider);
    const leave = provider === null ? null : leaveProvider(records, exchange.origin, provider, deps);
    const body: LogoutResponse = leave === null ? {} : { redirect: leave.redirect };
    return replyJson(body, leave === null ? cookies : [...cookies, leave.cookie]);
  };
}

interface Leave {
  /** A path of ours: the provider's own address holds the ID token, which no script may read. */
  readonly redirect: string;
  readonly cookie: string;
}

/** Null when there is nothing to end there, or no way to say so. */
function leaveProvider(
  records: readonly SessionRecord[],
  origin: PublicOrigin,
  provider: OidcProvider,
  { callbackUrl, logoutCookies }: Pick<LogoutDeps, 'callbackUrl' | 'logoutCookies'>,
): Leave | null {
  const idToken = records.find((record) => record.grant !== null && provider.began(record))?.grant?.idToken;
  const returnTo = signedOutUrl(origin, callbackUrl);
  if (idToken === undefined || returnTo === null) return null;
  const state = encodeBase64url(randomBytes(LOGIN_SECRET_BYTES));
  // A token too long for a cookie stays out of it: the provider then asks whom the logout is about.
  for (const hint of [idToken, null]) {
    const url = provider.endSessionUrl({ idToken: hint, returnTo, state });
    const cookie = url === null ? null : logoutCookies.start({ state, url }, origin);
    if (cookie !== null) return { redirect: `${origin.basePath}/oidc-logout?state=${state}`, cookie };
  }
  return null;
}

/** Has to be registered with the provider beside the redirect URI, so it begins as that one does. */
function signedOutUrl({ scheme, host, basePath }: PublicOrigin, callbackUrl: string | null): string | null {
  if (callbackUrl !== null) return `${new URL(callbackUrl).origin}${basePath}/signed-out`;
  return host === '' ? null : `${scheme}://${host}${basePath}/signed-out`;
}
