/** Decides where a request goes: the origin comes from the kubeconfig alone, the path from the client, byte for byte. */
import { PATH_DECODE_ROUNDS } from './constants.ts';

/** Where a cluster is, as its kubeconfig says. */
export interface Upstream {
  /** Scheme, host and port, without a trailing slash. */
  readonly origin: string;
  /** What stands before every path, without a trailing slash; usually empty. */
  readonly basePath: string;
  readonly tls: UpstreamTls;
}

export interface UpstreamTls {
  /** PEM; without it the platform's own roots count. */
  readonly ca?: string;
  /** The name the certificate is checked against, when it is not the URL's host. */
  readonly serverName?: string;
  /** Anyone between us and the cluster can then read every bearer; it is here because the kubeconfig demands it by this name. */
  readonly insecureSkipTlsVerify: boolean;
}

declare const brand: unique symbol;

/** A request target as it will be written upstream. */
export type UpstreamPath = string & { readonly [brand]: 'UpstreamPath' };

/** Printable ASCII; no backslash (some servers read it as a slash) and no `#` (a fragment has no place in a request). */
const TARGET = /^\/[\x21\x22\x24-\x5b\x5d-\x7e]*$/;

/**
 * @param raw - path and query exactly as received, after `/clusters/{cluster}`. Nothing is decoded or normalised: what the API server
 * authorises must be what it was asked. Under a base path, dot segments are refused, because a server that resolves them would leave
 * the cluster the credential is meant for.
 * @returns undefined for what must not be passed on.
 */
export function parseUpstreamPath(raw: string, basePath: string): UpstreamPath | undefined {
  const path = raw === '' || raw.startsWith('?') ? `/${raw}` : raw;
  if (!TARGET.test(path)) return undefined;
  const query = path.indexOf('?');
  if (basePath !== '' && mayClimb(query < 0 ? path : path.slice(0, query))) return undefined;
  // Starts with one slash and holds only the characters above.
  return `${basePath}${path}` as UpstreamPath;
}

/**
 * Attack this stops: whether a separator is written plainly or encoded, once or twice, is read differently by every router in between
 * (`..%2f`, `%252e`, `..;`); what any of them may take for a dot segment counts as one.
 */
function mayClimb(path: string): boolean {
  let read = path;
  for (let round = 0; round < PATH_DECODE_ROUNDS; round++) {
    if (read.split(/[/\\;]/).some((part) => part === '.' || part === '..')) return true;
    const decoded = read.replaceAll(/%([0-9a-f]{2})/gi, (_, hex: string) =>
      String.fromCharCode(Number.parseInt(hex, 16)),
    );
    if (decoded === read) return false;
    read = decoded;
  }
  return true;
}

/** The API server hands these on to a pod, a service or a node, which answers in its own time. */
const WORKLOAD = /\/(?:pods|services|nodes)\/[^/?]+\/proxy(?:[/?]|$)/;

export function isAnsweredByWorkload(path: UpstreamPath): boolean {
  return WORKLOAD.test(path.split('?', 1)[0] ?? '');
}

/**
 * Whether the API server answers it with a stream of events, one a line. It takes every value for yes but `0` and `false`
 * (apimachinery, Convert_Slice_string_To_bool), and reads the first of several. What a workload answers is never a watch.
 */
export function asksForWatch(path: UpstreamPath): boolean {
  const query = path.indexOf('?');
  // Nearly every request ends here: parsing the query of each would cost more than the rest of this.
  if (query < 0 || !path.includes('watch', query) || isAnsweredByWorkload(path)) return false;
  const value = new URLSearchParams(path.slice(query)).get('watch');
  return value !== null && value !== '0' && value.toLowerCase() !== 'false';
}
