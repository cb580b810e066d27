/** The page's addresses below the base path, read and written in one place; pure, it never navigates. */

/** What an address shows. `namespace` is as written: whoever uses it parses it first. */
export type Place =
  | { readonly page: 'clusters' }
  /** Where a sign-in in a window of its own ends; `cluster` null when the address names none. */
  | { readonly page: 'landing'; readonly cluster: string | null }
  | { readonly page: 'login'; readonly cluster: string; readonly returnTo: string | null; readonly why: string | null }
  | { readonly page: 'token'; readonly cluster: string; readonly returnTo: string | null }
  | { readonly page: 'sessions'; readonly cluster: string }
  | { readonly page: 'cluster'; readonly cluster: string; readonly namespace: string | null }
  | { readonly page: 'unknown' };

/** Reads a path and query as the browser writes them, still percent-encoded. */
export function readPlace(pathname: string, search: string): Place {
  if (pathname === '/') return { page: 'clusters' };
  const query = new URLSearchParams(search);
  if (pathname === '/auth') return { page: 'landing', cluster: query.get('cluster') };
  const match = /^\/c\/([^/]+)(?:\/(login|token|sessions))?\/?$/.exec(pathname);
  const cluster = decode(match?.[1]);
  if (match === null || cluster === null) return { page: 'unknown' };
  const returnTo = safeReturnTo(query.get('returnTo'));
  if (match[2] === 'login') return { page: 'login', cluster, returnTo, why: query.get('why') };
  if (match[2] === 'token') return { page: 'token', cluster, returnTo };
  if (match[2] === 'sessions') return { page: 'sessions', cluster };
  return { page: 'cluster', cluster, namespace: query.get('namespace') };
}

export function clusterAddress(cluster: string, namespace: string | null = null): string {
  return withQuery(`/c/${encodeURIComponent(cluster)}`, { namespace });
}

/** @param why - a reason code of the server's or one of the page's own endings; the sign-in page turns it into a sentence. */
export function loginAddress(cluster: string, to: { returnTo?: string | null; why?: string } = {}): string {
  return withQuery(`/c/${encodeURIComponent(cluster)}/login`, { why: to.why ?? null, returnTo: to.returnTo ?? null });
}

export function tokenAddress(cluster: string, returnTo: string | null = null): string {
  return withQuery(`/c/${encodeURIComponent(cluster)}/token`, { returnTo });
}

export function sessionsAddress(cluster: string): string {
  return `/c/${encodeURIComponent(cluster)}/sessions`;
}

/**
 * Where the server begins a sign-in with the cluster's provider: another document, not a page of ours.
 * @param returnTo - null: the sign-in ends at the landing page, as one in a window of its own does.
 */
export function providerAddress(cluster: string, returnTo: string | null): string {
  return withQuery('/oidc', { cluster, returnTo });
}

/**
 * A path to come back to, only if it is a page of ours for somebody signed in; anything else is null.
 * It arrives in a link anyone can write, so `//evil.example`, `/\evil.example` and other schemes must lead nowhere.
 */
export function safeReturnTo(raw: string | null): string | null {
  if (raw === null || !URL.canParse(raw, BASE)) return null;
  const url = new URL(raw, BASE);
  const { page } = readPlace(url.pathname, '');
  if (url.origin !== BASE || (page !== 'cluster' && page !== 'sessions')) return null;
  return url.pathname + url.search;
}

/** An origin nobody has: what resolves to it was a path. */
const BASE = 'https://page.invalid';

function withQuery(path: string, values: Readonly<Record<string, string | null>>): string {
  const query = new URLSearchParams();
  for (const [key, value] of Object.entries(values)) if (value !== null) query.set(key, value);
  return query.size === 0 ? path : `${path}?${query}`;
}

function decode(segment: string | undefined): string | null {
  try {
    return segment === undefined ? null : decodeURIComponent(segment);
  } catch {
    return null;
  }
}
