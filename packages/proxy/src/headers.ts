/** The header policy between a browser and a cluster: what never goes up, what never comes down, and why. */

/** `[name, value, name, value, …]`, as Node and undici read and write them: case, order and repeats survive. */
export type RawHeaders = readonly string[];

/** RFC 9110, section 7.6.1: these belong to one connection. Whatever `Connection` names joins them. */
const HOP_BY_HOP: ReadonlySet<string> = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/** Request headers by exact name, with what each would do upstream. */
const REQUEST_DROPPED: ReadonlyMap<string, string> = new Map([
  ['authorization', 'the only bearer the cluster sees is the one decided for this request'],
  ['proxy-authorization', 'meant for a proxy before us'],
  ['cookie', 'our own ticket, which the API server would hand on to a pod behind services/proxy'],
  ['cookie2', 'a cookie by an older name'],
  ['host', 'the cluster has its own'],
  ['expect', 'our server has answered it already'],
  ['origin', 'names us, not the cluster; it served the same-origin check'],
  ['referer', 'tells the cluster and its pods which page a person looks at'],
  ['forwarded', 'a client could write any address into the audit log'],
  ['x-real-ip', 'the audit log would take it for the client'],
  ['x-original-url', 'some servers route by it, past their own checks'],
  ['x-rewrite-url', 'some servers route by it, past their own checks'],
  ['x-http-method-override', 'turns an allowed GET into another verb'],
  ['kubeconfig', "Headlamp's stateless clusters send credentials in it"],
  ['audit-id', 'the API server logs it at any length and hands it to pods: ours replaces it'],
  ['http2-settings', 'belongs to an upgrade of this connection'],
]);

/** Request headers by how they begin, with what each would do upstream. */
const REQUEST_DROPPED_PREFIXES: ReadonlyMap<string, string> = new Map([
  ['impersonate-', 'lets a client act as whomever the credential may impersonate'],
  ['x-remote-', 'a front proxy says by it who somebody is; clients must not'],
  ['x-forwarded-', 'identity headers of proxies before us (user, groups, email, tokens) and forged addresses'],
  ['x-auth-request-', 'identity headers of oauth2-proxy'],
  ['x-headlamp-', 'between Headlamp and its server only'],
  ['lamplighter-', 'between our page and our server only'],
  ['sec-', 'facts about the browser (fetch metadata, WebSocket keys) that are meant for us'],
  ['proxy-', 'meant for a proxy before us'],
]);

/** Response headers by exact name, with what each would do to our origin. */
const RESPONSE_DROPPED: ReadonlyMap<string, string> = new Map([
  ['set-cookie', 'a pod behind services/proxy could plant or overwrite our cookies'],
  ['set-cookie2', 'a cookie by an older name'],
  ['clear-site-data', 'would sign everyone of this origin out'],
  ['www-authenticate', "would open the browser's own password box"],
  ['proxy-authenticate', "would open the browser's own password box"],
  ['authorization', 'no answer has a reason to carry one'],
  ['alt-svc', 'would move our origin to another host or port'],
  ['strict-transport-security', 'sets a policy for our host that only we may set'],
  ['public-key-pins', 'could lock people out of our host'],
  ['public-key-pins-report-only', 'reports our visitors to others'],
  ['nel', 'reports our visitors to others'],
  ['report-to', 'reports our visitors to others'],
  ['reporting-endpoints', 'reports our visitors to others'],
  ['service-worker-allowed', 'would let a pod install a worker over our whole origin'],
  ['x-accel-redirect', 'a web server before us would serve its own files for it'],
  ['x-sendfile', 'a web server before us would serve its own files for it'],
]);

/** Response headers by how they begin, with what each would do to our origin. */
const RESPONSE_DROPPED_PREFIXES: ReadonlyMap<string, string> = new Map([
  ['access-control-', 'would open answers on our origin to other sites'],
  ['lamplighter-', 'our page trusts them as ours'],
  ['x-accel-', 'commands to a web server before us'],
  ['proxy-', 'meant for the hop between us and the cluster'],
]);

export interface OwnRequestHeaders {
  readonly authorization: string;
  readonly auditId: string;
}

/** What goes to the cluster: the client's headers less the sets above, then ours. */
export function upstreamHeaders(received: RawHeaders, own: OwnRequestHeaders): string[] {
  const kept = keep(received, REQUEST_DROPPED, REQUEST_DROPPED_PREFIXES);
  kept.push('authorization', own.authorization, 'audit-id', own.auditId);
  return kept;
}

/**
 * What goes to the browser. Proxied answers live on our origin, so a page a pod serves must not run there as ours: `sandbox` gives it
 * an origin of its own, `nosniff` keeps data from turning into a page.
 */
export function downstreamHeaders(received: RawHeaders): string[] {
  const kept = keep(received, RESPONSE_DROPPED, RESPONSE_DROPPED_PREFIXES);
  if (!has(kept, 'cache-control')) kept.push('Cache-Control', 'no-store');
  if (!has(kept, 'x-content-type-options')) kept.push('X-Content-Type-Options', 'nosniff');
  kept.push('Content-Security-Policy', 'sandbox');
  return kept;
}

function keep(
  received: RawHeaders,
  dropped: ReadonlyMap<string, string>,
  droppedPrefixes: ReadonlyMap<string, string>,
): string[] {
  const connectionNamed = namedByConnection(received);
  const kept: string[] = [];
  for (let at = 0; at + 1 < received.length; at += 2) {
    const name = received[at] ?? '';
    const plain = canonical(name);
    if (HOP_BY_HOP.has(plain) || connectionNamed?.has(plain) === true || dropped.has(plain)) continue;
    if (beginsWithAny(plain, droppedPrefixes)) continue;
    kept.push(name, received[at + 1] ?? '');
  }
  return kept;
}

// Some servers behind us read `_` as `-` (CGI, WSGI): `Impersonate_User` must meet the same rule as `Impersonate-User`.
function canonical(name: string): string {
  return name.toLowerCase().replaceAll('_', '-');
}

function beginsWithAny(name: string, prefixes: ReadonlyMap<string, string>): boolean {
  for (const prefix of prefixes.keys()) if (name.startsWith(prefix)) return true;
  return false;
}

function namedByConnection(received: RawHeaders): ReadonlySet<string> | undefined {
  let named: Set<string> | undefined;
  for (let at = 0; at + 1 < received.length; at += 2) {
    if (received[at]?.toLowerCase() !== 'connection') continue;
    for (const name of (received[at + 1] ?? '').split(',')) {
      named ??= new Set();
      named.add(canonical(name.trim()));
    }
  }
  return named;
}

function has(headers: RawHeaders, wanted: string): boolean {
  return headers.some((name, at) => at % 2 === 0 && name.toLowerCase() === wanted);
}
