/** Owns cookies: their names, which form fits the deployment, how they are read and written. An insecure combination has no type. */
import { hash } from 'node:crypto';
import type { ClusterName, LoginState } from '@lamplighter/auth-core';
import { COOKIE_MAX_BYTES } from '../constants.ts';
import type { PublicOrigin } from './public-origin.ts';

/** What of a deployment decides a cookie's form. */
export type CookieSite = Pick<PublicOrigin, 'scheme' | 'basePath'>;

/** Browsers keep a `__Host-` cookie only with Secure, Path=/ and no Domain: no other host, and no plain http, can plant one. */
type HostName = `__Host-lamplighter-${string}`;
/** Below a base path, where Path is not `/`: Secure is still demanded. */
type SecureName = `__Secure-lamplighter-${string}`;
type PlainName = `lamplighter-${string}`;

export type CookieName = HostName | SecureName | PlainName;

export interface CookieToSet {
  readonly name: CookieName;
  /** Base64url and dots; nothing that would have to be quoted. */
  readonly value: string;
  readonly maxAgeSeconds: number;
  /** Lax for a login: the way back from the provider is a cross-site navigation, which carries no Strict cookie. */
  readonly sameSite: 'Strict' | 'Lax';
}

/** Names the cookie of one cluster's session. Hashed: two clusters never share a cookie, whatever characters their names hold. */
export function sessionCookieName(cluster: ClusterName, site: CookieSite): CookieName {
  return nameFor(`lamplighter-session-${clusterHash(cluster)}`, site);
}

/** Names the cookie that holds a session's id and nothing that opens it: it comes along where the Strict one of that session does not. */
export function sessionMarkName(cluster: ClusterName, site: CookieSite): CookieName {
  return nameFor(`lamplighter-mark-${clusterHash(cluster)}`, site);
}

export function loginCookieName(state: LoginState, site: CookieSite): CookieName {
  return nameFor(`lamplighter-login-${shortHash(state)}`, site);
}

/** Whether a received cookie is a login in flight, in the form of this deployment. */
export function isLoginCookie(name: string, site: CookieSite): name is CookieName {
  return name.startsWith(nameFor('lamplighter-login-', site));
}

/** Names the cookie of one way back from a provider's logout. @param state - that logout's. */
export function logoutCookieName(state: string, site: CookieSite): CookieName {
  return nameFor(`lamplighter-logout-${shortHash(state)}`, site);
}

function nameFor(plain: PlainName, { scheme, basePath }: CookieSite): CookieName {
  if (scheme === 'http') return plain;
  return basePath === '' ? `__Host-${plain}` : `__Secure-${plain}`;
}

/** Each request needs one, and making it takes 4 µs. */
const clusterHashes = new Map<ClusterName, string>();

// Callers name clusters of the configuration only, so there are as many as it has. A state is never kept: visitors make those.
function clusterHash(cluster: ClusterName): string {
  const known = clusterHashes.get(cluster);
  if (known !== undefined) return known;
  const made = shortHash(cluster);
  clusterHashes.set(cluster, made);
  return made;
}

function shortHash(text: string): string {
  return hash('sha256', text).slice(0, 16);
}

/**
 * A `Set-Cookie` value (RFC 6265, section 4.1). Always HttpOnly, without Domain, and bound to the base path; Secure over https.
 * Throws a `RangeError` for one that browsers would drop without a word: ask `fitsCookie` first where a value may be long.
 */
export function formatCookie(cookie: CookieToSet, site: CookieSite): string {
  const text = write(cookie, site);
  if (text.length > COOKIE_MAX_BYTES) throw new RangeError(`a cookie of ${text.length} bytes would be dropped`);
  return text;
}

/** Whether browsers keep it: all of `Set-Cookie` is counted, where they count name and value only. */
export function fitsCookie(cookie: CookieToSet, site: CookieSite): boolean {
  return write(cookie, site).length <= COOKIE_MAX_BYTES;
}

export function clearCookie(name: CookieName, sameSite: CookieToSet['sameSite'], site: CookieSite): string {
  return formatCookie({ name, value: '', maxAgeSeconds: 0, sameSite }, site);
}

function write({ name, value, maxAgeSeconds, sameSite }: CookieToSet, { scheme, basePath }: CookieSite): string {
  const path = basePath === '' ? '/' : basePath;
  const secure = scheme === 'https' ? '; Secure' : '';
  return `${name}=${value}; Path=${path}; Max-Age=${Math.max(0, Math.floor(maxAgeSeconds))}; HttpOnly; SameSite=${sameSite}${secure}`;
}

/**
 * A request's cookies by name. Of a name that comes twice neither wins, it is left out: over plain http a neighbour on the same host
 * can plant a second cookie of the same name, and whichever one we chose could be theirs.
 */
export function readCookies(header: string | null | undefined): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  const repeated = new Set<string>();
  visitCookies(header, (name, value) => {
    if (found.has(name)) repeated.add(name);
    else found.set(name, value);
  });
  for (const name of repeated) found.delete(name);
  return found;
}

/** Every value a request has for a name. For ending sessions only, where a planted value can end nothing but what it opens. */
export function readCookieValues(header: string | null | undefined, name: CookieName): readonly string[] {
  const values: string[] = [];
  visitCookies(header, (found, value) => {
    if (found === name) values.push(value);
  });
  return values;
}

function visitCookies(header: string | null | undefined, visit: (name: string, value: string) => void): void {
  const text = header ?? '';
  for (let from = 0; from < text.length; ) {
    const semicolon = text.indexOf(';', from);
    const end = semicolon < 0 ? text.length : semicolon;
    // Looked for in the pair only: in the whole rest, a header of many pairs without one would take time squared.
    const pair = text.slice(from, end);
    const equals = pair.indexOf('=');
    if (equals >= 0) visit(pair.slice(0, equals).trim(), pair.slice(equals + 1).trim());
    from = end + 1;
  }
}
