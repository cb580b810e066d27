/** Keeps a login in flight in the browser that began it: sealed, one cookie per `state`, never more than a few. */
import { LOGIN_LIFETIME_SECONDS, type LoginState, type LoginTransaction } from '@lamplighter/auth-core';
import { PENDING_LOGINS_MAX } from '../constants.ts';
import {
  type CookieSite,
  type CookieToSet,
  clearCookie,
  fitsCookie,
  formatCookie,
  isLoginCookie,
  loginCookieName,
} from '../http/cookies.ts';
import { createCookieSealer } from './cookie-sealer.ts';

export interface LoginCookies {
  /** The `Set-Cookie` values that start a login: its own, and the end of the oldest when a browser holds too many. */
  start(login: LoginTransaction, received: ReadonlyMap<string, string>, site: CookieSite): readonly string[];
  /** Whether a browser would keep this login's cookie. */
  fits(login: LoginTransaction, site: CookieSite): boolean;
  /** The login of that state, if this browser holds it. */
  find(state: LoginState, received: ReadonlyMap<string, string>, site: CookieSite): LoginTransaction | undefined;
  clear(state: LoginState, site: CookieSite): string;
}

/** @param keys - at least one; the first seals, all open. */
export function createLoginCookies(keys: readonly [Uint8Array, ...Uint8Array[]]): LoginCookies {
  const sealer = createCookieSealer<LoginTransaction>(keys, 'login');
  const close = (login: LoginTransaction, site: CookieSite): CookieToSet => {
    const name = loginCookieName(login.state, site);
    return { name, value: sealer.seal(name, login), maxAgeSeconds: LOGIN_LIFETIME_SECONDS, sameSite: 'Lax' };
  };
  return {
    fits: (login, site) => fitsCookie(close(login, site), site),
    start: (login, received, site) => {
      const pending = [...received.entries()].flatMap(([other, sealed]) =>
        isLoginCookie(other, site) ? [{ name: other, startedAt: sealer.open(other, sealed)?.startedAt ?? 0 }] : [],
      );
      const surplus = pending
        .toSorted((a, b) => a.startedAt - b.startedAt)
        .slice(0, Math.max(0, pending.length + 1 - PENDING_LOGINS_MAX));
      return [...surplus.map((old) => clearCookie(old.name, 'Lax', site)), formatCookie(close(login, site), site)];
    },
    find: (state, received, site) => {
      const name = loginCookieName(state, site);
      const login = received.get(name);
      const opened = login === undefined ? undefined : sealer.open(name, login);
      return opened?.state === state ? opened : undefined;
    },
    clear: (state, site) => clearCookie(loginCookieName(state, site), 'Lax', site),
  };
}
