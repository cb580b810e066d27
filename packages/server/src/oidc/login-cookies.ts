/** Keeps a login in flight in the browser that began it: sealed, one cookie per `state`, never more than a few. */
import { LOGIN_LIFETIME_SECONDS, type LoginState, type LoginTransaction } from '@lamplighter/auth-core';
import { COOKIE_MAX_BYTES, PENDING_LOGINS_MAX } from '../constants.ts';
import {
  type CookieName,
  clearCookie,
  formatCookie,
  isLoginCookie,
  loginCookieName,
  type PublicScheme,
} from '../http/cookies.ts';
import { seal, unseal } from '../sessions/sealing.ts';

export interface LoginCookies {
  /** The `Set-Cookie` values that start a login: its own, and the end of the oldest when a browser holds too many. */
  start(login: LoginTransaction, received: ReadonlyMap<string, string>, scheme: PublicScheme): readonly string[];
  /** Whether a browser would keep this login's cookie. */
  fits(login: LoginTransaction, scheme: PublicScheme): boolean;
  /** The login of that state, if this browser holds it. */
  find(state: LoginState, received: ReadonlyMap<string, string>, scheme: PublicScheme): LoginTransaction | undefined;
  clear(state: LoginState, scheme: PublicScheme): string;
}

/** @param keys - at least one; the first seals, all open. */
export function createLoginCookies(keys: readonly [Uint8Array, ...Uint8Array[]]): LoginCookies {
  const open = (name: string, value: string): LoginTransaction | undefined => {
    const sealed = Buffer.from(value, 'base64url');
    for (const key of keys) {
      const plain = unseal(key, sealed, purpose(name));
      // Only `start` makes what opens here: the tag proves it.
      if (plain !== undefined) return JSON.parse(plain.toString('utf8')) as LoginTransaction;
    }
    return undefined;
  };
  const close = (
    login: LoginTransaction,
    scheme: PublicScheme,
  ): { readonly name: CookieName; readonly value: string } => {
    const name = loginCookieName(login.state, scheme);
    return { name, value: seal(keys[0], Buffer.from(JSON.stringify(login)), purpose(name)).toString('base64url') };
  };
  return {
    fits: (login, scheme) => {
      const { name, value } = close(login, scheme);
      return name.length + value.length <= COOKIE_MAX_BYTES;
    },
    start: (login, received, scheme) => {
      const pending = [...received.entries()].flatMap(([other, sealed]) =>
        isLoginCookie(other, scheme) ? [{ name: other, startedAt: open(other, sealed)?.startedAt ?? 0 }] : [],
      );
      const surplus = pending
        .toSorted((a, b) => a.startedAt - b.startedAt)
        .slice(0, Math.max(0, pending.length + 1 - PENDING_LOGINS_MAX));
      return [
        ...surplus.map((old) => clearCookie(old.name, 'Lax')),
        formatCookie({ ...close(login, scheme), maxAgeSeconds: LOGIN_LIFETIME_SECONDS, sameSite: 'Lax' }),
      ];
    },
    find: (state, received, scheme) => {
      const name = loginCookieName(state, scheme);
      const login = received.get(name);
      const opened = login === undefined ? undefined : open(name, login);
      return opened?.state === state ? opened : undefined;
    },
    clear: (state, scheme) => clearCookie(loginCookieName(state, scheme), 'Lax'),
  };
}

// Binds a login to its cookie: one renamed to answer for another state does not open.
function purpose(cookieName: string): string {
  return `lamplighter login ${cookieName}`;
}
