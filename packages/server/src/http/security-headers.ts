/** The headers every answer of ours carries, by what it is. What the cluster answers has its own policy, in the proxy. */
import { createHash } from 'node:crypto';

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
export const SITE_HEADERS: Readonly<Record<string, string>> = {
  ...PAGE,
  'Content-Security-Policy':
    "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
};

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
