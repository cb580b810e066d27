/** The web page's files, from one folder and nowhere else. Paths that name no file are pages of the page's own router. */
import { readFile, realpath } from 'node:fs/promises';
import { extname, join, sep } from 'node:path';
import { HASHED_ASSET_MAX_AGE_SECONDS, HASHED_FOLDER } from '../constants.ts';
import { belowBasePath } from '../http/base-path.ts';
import type { PublicOrigin } from '../http/public-origin.ts';
import { siteHeaders } from '../http/security-headers.ts';
import { type Handler, refused } from './exchange.ts';

const TYPES: ReadonlyMap<string, string> = new Map([
  ['.css', 'text/css; charset=utf-8'],
  ['.html', 'text/html; charset=utf-8'],
  ['.ico', 'image/x-icon'],
  ['.js', 'text/javascript; charset=utf-8'],
  ['.json', 'application/json; charset=utf-8'],
  ['.map', 'application/json; charset=utf-8'],
  ['.png', 'image/png'],
  ['.svg', 'image/svg+xml'],
  ['.txt', 'text/plain; charset=utf-8'],
  ['.wasm', 'application/wasm'],
  ['.webmanifest', 'application/manifest+json'],
  ['.woff', 'font/woff'],
  ['.woff2', 'font/woff2'],
]);

const PAGE = '/index.html';

/** @param folder - absolute; null when this server serves no page. */
export function createSiteHandler(folder: string | null): Handler {
  return async ({ incoming, origin }) => {
    const path = decodePath(belowBasePath(incoming.url ?? '/', origin.basePath) ?? '');
    if (folder === null || path === null) return refused({ reason: 'not_found' });
    const file = path === '/' ? null : await readInside(folder, path);
    if (file !== null) return replyFile(file, path, origin);
    // A stale page asks for a file of an older build: handing it a page instead would only puzzle its browser.
    const page = path.startsWith(HASHED_FOLDER) ? null : await readInside(folder, PAGE);
    return page === null ? refused({ reason: 'not_found' }) : replyFile(page, PAGE, origin);
  };
}

/** Decoded once. Null for anything a file of ours is never called: dot segments, dot files, backslashes, control characters. */
function decodePath(target: string): string | null {
  try {
    const path = decodeURIComponent(target.split('?')[0] ?? '');
    return /[\\\p{Cc}]/u.test(path) || /(?:^|\/)\./.test(path) ? null : path;
  } catch {
    return null;
  }
}

/** Null when there is no such file, or it lies outside, also by a symbolic link. */
async function readInside(folder: string, path: string): Promise<Buffer<ArrayBuffer> | null> {
  try {
    const [root, file] = await Promise.all([realpath(folder), realpath(join(folder, path))]);
    return file.startsWith(root + sep) ? await readFile(file) : null;
  } catch {
    return null;
  }
}

function replyFile(content: Buffer<ArrayBuffer>, path: string, origin: PublicOrigin): Response {
  const hashed = path.startsWith(HASHED_FOLDER);
  return new Response(path === PAGE ? placePage(content.toString('utf8'), origin.basePath) : content, {
    headers: {
      ...siteHeaders(origin),
      'Content-Type': TYPES.get(extname(path).toLowerCase()) ?? 'application/octet-stream',
      'Cache-Control': hashed ? `public, max-age=${HASHED_ASSET_MAX_AGE_SECONDS}, immutable` : 'no-store',
    },
  });
}

/**
 * The page is built to lie anywhere, so it names its files relative to itself; but it is served at every depth of its own router's
 * addresses. Only where it lies can it be told where that is.
 * @param basePath - plain segments, as the configuration demands: nothing in it ends an attribute.
 */
function placePage(html: string, basePath: string): string {
  return html
    .replaceAll('="./', `="${basePath}/`)
    .replace('<meta name="lamplighter-base" content=""', `<meta name="lamplighter-base" content="${basePath}"`);
}
