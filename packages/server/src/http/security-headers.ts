/** The headers every answer of ours carries, by what it is. What the cluster answers has its own policy, in the proxy. */
import { createHash } from 'node:crypto';
import { isLoopbackHost } from '../config/urls.ts';
import { HASHED_FOLDER, HSTS_MAX_AGE_SECONDS } from '../constants.ts';
import type { PublicOrigin } from './public-origin.ts';

const ALWAYS = { 'X-Content-Type-Options': 'nosniff', 'Referrer-Policy': 'no-referrer' } as const;

/** Answers about people: never kept by a browser or a proxy. */
export const JSON_HEADERS: Readonly<Record<string, string>> = {
  ...ALWAYS,
  'Content-Type': 'application/json; charset=utf-8',
  'Cache-Control': 'no-store',
};

const PAGE = {
  ...ALWAYS,
  // A page that opened ours, or that ours opened, gets no handle on it.
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'X-Frame-Options': 'DENY',
} as const;

/** For the web page and its files: everything from this server, nothing from anywhere else, in nobody's frame. */
export function siteHeaders(origin: PublicOrigin): Readonly<Record<string, string>> {
  const code = codeSource(origin);
  return {
    ...PAGE,
    'Content-Security-Policy': `default-src 'self'; script-src ${code}; style-src ${code}; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'`,
  };
}

/** The hosts a policy may name with a path: names, and the one address browsers must know (CSP Level 3, section 6.7.2.9). */
const NAMEABLE = /^(?:(?=.*[a-z])[a-z0-9.-]+|127\.0\.0\.1)(?::\d+)?$/;

/**
 * Attack this stops: what pods answer below /clusters/… is on our origin too, so `'self'` would let injected markup load a pod's
 * script. Only the build's own folder may be code. `http:` in a policy also means https, so a proxy we do not know changes nothing.
 */
function codeSource({ scheme, host, basePath }: PublicOrigin): string {
  return NAMEABLE.test(host) ? `${scheme}://${host}${basePath}${HASHED_FOLDER}` : "'self'";
}

/**
 * Once reached over https, never over http again. Not for names of one machine: a browser would apply it to every port there, other
 * people's programs included.
 */
export function transportHeaders({ scheme, host }: PublicOrigin): Readonly<Record<string, string>> {
  if (scheme !== 'https' || isLoopbackHost(host.replace(/:\d+$/, ''))) return {};
  return { 'Strict-Transport-Security': `max-age=${HSTS_MAX_AGE_SECONDS}` };
}

export const NOTICE_STYLE =
  'body{font:1rem/1.5 system-ui,sans-serif;max-width:34rem;margin:15vh auto;padding:0 1rem}code{opacity:.7}';

/** For our one small page of text: nothing at all but its own style. */
export const NOTICE_HEADERS: Readonly<Record<string, string>> = {
  ...PAGE,
  'Content-Type': 'text/html; charset=utf-8',
  'Cache-Control': 'no-store',
  'Content-Security-Policy': `default-src 'none'; style-src 'sha256-${sha256(NOTICE_STYLE)}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
};

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('base64');
}
