/** Decides where a browser may be sent after sign-in. The path arrives in a link anyone can write, so only the plainest survive. */
import type { ClusterName, ReturnPath } from '../brands.ts';
import { RETURN_PATH_DECODE_ROUNDS, RETURN_PATH_MAX_CHARS } from '../constants.ts';

// Minted here because it is the plainest path of all.
const ROOT = '/' as ReturnPath;

/** Printable ASCII without the backslash, which browsers read as a slash. */
const PRINTABLE = /^[\x21-\x5b\x5d-\x7e]*$/;

/** What no layer of encoding may hide: a backslash, a line break or another control character. */
const DECEPTIVE = /[\\\p{Cc}]/u;

/** Answers of machines, not pages: a sign-in that ends in one of these starts the next or shows raw data. */
const NOT_A_PAGE =
  /^\/(?:oidc|oidc-callback|oidc-logout|oidc-backchannel-logout|signed-out|clusters|config|metrics)(?:\/|$)/i;

/**
 * A path of our own origin with optional query and fragment; anything else becomes `/`. Refused are schemes and authorities in every
 * disguise: `//`, backslashes, control characters, dot segments, and each of those percent-encoded, once or several times over.
 */
export function parseReturnPath(raw: string): ReturnPath {
  if (!raw.startsWith('/') || raw.length > RETURN_PATH_MAX_CHARS || !PRINTABLE.test(raw)) return ROOT;
  const end = raw.search(/[?#]/);
  const path = end < 0 ? raw : raw.slice(0, end);
  const rest = end < 0 ? '' : raw.slice(end);
  // Checked above and below: one slash first, nothing a browser could take for another origin.
  return isPlainPath(path) && isPlainRest(rest) ? (raw as ReturnPath) : ROOT;
}

/** Where people land who came from nowhere: the cluster's own page. */
export function clusterPage(cluster: ClusterName): ReturnPath {
  // One encoded segment below a fixed one.
  return `/c/${encodeURIComponent(cluster)}` as ReturnPath;
}

/** Where Headlamp's own frontend lands: opened in a small window, it tells the page behind it that somebody has signed in. */
export function authLanding(cluster: ClusterName): ReturnPath {
  // A fixed path; the name is one encoded value behind it.
  return `/auth?cluster=${encodeURIComponent(cluster)}` as ReturnPath;
}

function isPlainPath(path: string): boolean {
  return everyDecoding(path, (layer) => {
    const segments = layer.split('/').slice(1);
    // An empty segment is `//`; only the last may be empty, as a trailing slash.
    const plain = segments.every(
      (part, at) => part !== '.' && part !== '..' && (part !== '' || at === segments.length - 1),
    );
    return plain && !DECEPTIVE.test(layer) && !NOT_A_PAGE.test(layer);
  });
}

// A query may hold anything printable, but no encoded line break or backslash for the next reader to trip over.
function isPlainRest(rest: string): boolean {
  return everyDecoding(rest, (layer) => !DECEPTIVE.test(layer));
}

function everyDecoding(text: string, holds: (layer: string) => boolean): boolean {
  let layer = text;
  for (let round = 0; round <= RETURN_PATH_DECODE_ROUNDS; round++) {
    if (!holds(layer)) return false;
    const next = decode(layer);
    if (next === undefined) return round > 0;
    if (next === layer) return true;
    layer = next;
  }
  return false;
}

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
