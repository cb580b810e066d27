/** Owns the base path: the folder of its origin below which this server, all its answers and all its pages stand. */

/** The server writes its base path here when it hands the page out. */
const META_NAME = 'lamplighter-base';

/** Plain segments. Attack this stops: `//elsewhere.example` as a base would send every question to another server. */
const PLAIN = /^(?:\/(?!\.\.?(?:\/|$))[\w.~-]+)+$/;

/** `''` at the root, else like `/lamp`: a slash first and none at the end. Throws where something else stands: no address would be right. */
export function readBasePath(page: Pick<Document, 'querySelector'>): string {
  const written = page.querySelector(`meta[name="${META_NAME}"]`)?.getAttribute('content') ?? '';
  if (written !== '' && !PLAIN.test(written)) throw new Error(`The base path ${JSON.stringify(written)} is none.`);
  return written;
}

/** What an address shows below the base path, raw; null when it lies outside. */
export function pathBelow(basePath: string, pathname: string): string | null {
  if (pathname === basePath) return '/';
  return pathname.startsWith(`${basePath}/`) ? pathname.slice(basePath.length) : null;
}

/** Asks our own server: the path is one below the base path. */
export type OwnFetch = (path: string, init?: RequestInit) => Promise<Response>;

export function fetchBelow(basePath: string, fetch: OwnFetch): OwnFetch {
  return (path, init) => fetch(basePath + path, init);
}
