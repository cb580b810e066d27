/**
 * Keeps the way to a provider's logout, and back, in the browser that signed out (OpenID Connect RP-Initiated Logout 1.0, section 3). The
 * address holds the ID token, which is what the cluster accepts: so it is sealed, and no script of the page ever reads it.
 */
import type { QueryPairs } from '@lamplighter/auth-core';
import { LOGOUT_STATE_TTL_SECONDS } from '../constants.ts';
import {
  type CookieSite,
  type CookieToSet,
  clearCookie,
  fitsCookie,
  formatCookie,
  logoutCookieName,
  readCookies,
} from '../http/cookies.ts';
import { createCookieSealer } from './cookie-sealer.ts';

/** A browser on its way. */
export interface Leaving {
  readonly state: string;
  /** The provider's. */
  readonly url: string;
}

export interface LogoutCookies {
  /** The `Set-Cookie` value; null when a browser would not keep so long a one. */
  start(leaving: Leaving, site: CookieSite): string | null;
  /** What this browser was sent away with, found by the `state` of a query. */
  find(query: QueryPairs, cookieHeader: string | undefined, site: CookieSite): Leaving | undefined;
  clear(leaving: Leaving, site: CookieSite): string;
}

/** @param keys - at least one; the first seals, all open. */
export function createLogoutCookies(keys: readonly [Uint8Array, ...Uint8Array[]]): LogoutCookies {
  const sealer = createCookieSealer<Leaving>(keys, 'logout');
  return {
    start: (leaving, site) => {
      const name = logoutCookieName(leaving.state, site);
      const value = sealer.seal(name, leaving);
      const cookie: CookieToSet = { name, value, maxAgeSeconds: LOGOUT_STATE_TTL_SECONDS, sameSite: 'Lax' };
      return fitsCookie(cookie, site) ? formatCookie(cookie, site) : null;
    },
    find: (query, cookieHeader, site) => {
      const [state, ...more] = query.flatMap(([name, value]) => (name === 'state' ? [value] : []));
      if (state === undefined || more.length > 0) return undefined;
      const name = logoutCookieName(state, site);
      const sealed = readCookies(cookieHeader).get(name);
      const leaving = sealed === undefined ? undefined : sealer.open(name, sealed);
      return leaving?.state === state ? leaving : undefined;
    },
    clear: ({ state }, site) => clearCookie(logoutCookieName(state, site), 'Lax', site),
  };
}
