/** Owns cookies: their names, which form fits the deployment, how they are read and written. An insecure combination has no type. */
import { createHash } from 'node:crypto';
import type { ClusterName, LoginState } from '@lamplighter/auth-core';

/** How people's browsers reach us. */
export type PublicScheme = 'https' | 'http';

/** Browsers keep a `__Host-` cookie only with Secure, Path=/ and no Domain: no other host, and no plain http, can plant one. */
type SecureName = `__Host-lamplighter-${string}`;
type PlainName = `lamplighter-${string}`;

export type CookieName = SecureName | PlainName;

export interface CookieToSet {
  readonly name: CookieName;
  readonly value: string;
  readonly maxAgeSeconds: number;
  /** Lax for a login: the way back from the provider is a cross-site navigation, which carries no Strict cookie. */
  readonly sameSite: 'Strict' | 'Lax';
}

/** Names the cookie of one cluster's session. Hashed: two clusters never share a cookie, whatever characters their names hold. */
export function sessionCookieName(cluster: ClusterName, scheme: PublicScheme): CookieName {
  return nameFor(`lamplighter-session-${shortHash(cluster)}`, scheme);
}

export function loginCookieName(state: LoginState, scheme: PublicScheme): CookieName {
  return nameFor(`lamplighter-login-${shortHash(state)}`, scheme);
}

/** Whether a received cookie is a login in flight, in the form of this deployment. */
export function isLoginCookie(name: string, scheme: PublicScheme): name is CookieName {
  return name.startsWith(nameFor('lamplighter-login-', scheme));
}

function nameFor(plain: PlainName, scheme: PublicScheme): CookieName {
  return scheme === 'https' ? `__Host-${plain}` : plain;
}

function shortHash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}

/** A `Set-Cookie` value (RFC 6265, section 4.1). Always HttpOnly and Path=/; Secure exactly when the name demands it. */
export function formatCookie({ name, value, maxAgeSeconds, sameSite }: CookieToSet): string {
  const secure = name.startsWith('__Host-') ? '; Secure' : '';
  return `${name}=${value}; Path=/; Max-Age=${Math.max(0, Math.floor(maxAgeSeconds))}; HttpOnly; SameSite=${sameSite}${secure}`;
}

export function clearCookie(name: CookieName, sameSite: CookieToSet['sameSite']): string {
  return formatCookie({ name, value: '', maxAgeSeconds: 0, sameSite });
}

/**
 * A request's cookies by name. Of a name that comes twice neither wins, it is left out: over plain http a neighbour on the same host
 * can plant a second cookie of the same name, and whichever one we chose could be theirs.
 */
export function readCookies(header: string | null | undefined): ReadonlyMap<string, string> {
  const all = readEveryCookie(header);
  return new Map(
    [...all].flatMap(([name, [value, ...more]]) => (value === undefined || more.length > 0 ? [] : [[name, value]])),
  );
}

/** Every value a request has for a name. For ending sessions only, where a planted value can end nothing but what it opens. */
export function readCookieValues(header: string | null | undefined, name: CookieName): readonly string[] {
  return readEveryCookie(header).get(name) ?? [];
}

function readEveryCookie(header: string | null | undefined): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  for (const pair of (header ?? '').split(';')) {
    const equals = pair.indexOf('=');
    if (equals < 0) continue;
    const name = pair.slice(0, equals).trim();
    const values = found.get(name) ?? [];
    values.push(pair.slice(equals + 1).trim());
    found.set(name, values);
  }
  return found;
}
