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
  ['x-rewrite-url', 'some servers route by it, past their own checks'],
  ['x-http-method-override', 'turns an allowed GET into another verb'],
  ['x-http-method', 'turns an allowed GET into another verb'],
  ['x-method-override', 'turns an allowed GET into another verb'],
  ['true-client-ip', 'some servers take it for the client’s address'],
  ['client-ip', 'some servers take it for the client’s address'],
  ['x-client-ip', 'some servers take it for the client’s address'],
  ['x-cluster-client-ip', 'some servers take it for the client’s address'],
  ['cf-connecting-ip', 'some servers take it for the client’s address'],
  ['kubeconfig', "Headlamp's stateless clusters send credentials in it"],
  ['audit-id', 'the API server logs it at any length and hands it to pods: ours replaces it'],
  ['http2-settings', 'belongs to an upgrade of this connection'],
]);

/** Request headers by how they begin, with what each would do upstream. */
const REQUEST_DROPPED_PREFIXES: ReadonlyMap<string, string> = new Map([
  ['impersonate-', 'lets a client act as whomever the credential may impersonate'],
  ['remote-', 'a front proxy says by it who somebody is (Remote-User, Remote-Groups); clients must not'],
  [
    'x-original-',
    'what a proxy before us was asked: some servers route by it, or take an address in it for the client’s',
  ],
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
  ['cache-control', 'ours replaces it: an answer is for one person, whatever the cluster calls public'],
  ['expires', 'would keep an answer that ours says not to keep'],
  ['pragma', 'would contradict our Cache-Control'],
  ['age', 'speaks of a cache before the cluster'],
  ['surrogate-control', 'tells a shared cache before us to keep answers'],
  ['cdn-cache-control', 'tells a shared cache before us to keep answers'],
  ['no-vary-search', 'would let a cache give one answer for another query'],
  ['x-content-type-options', 'ours replaces it'],
  ['content-security-policy', 'ours replaces it; another one could report what people look at'],
  ['content-security-policy-report-only', 'reports what people look at to others'],
  ['refresh', 'would send a browser on to another page after a while'],
  ['link', 'makes a browser fetch, connect or prerender in our name; no Kubernetes API sends any'],
  ['speculation-rules', 'makes a browser prerender pages of ours'],
  ['accept-ch', 'would change what browsers tell our whole origin'],
  ['accept-ch-lifetime', 'would change what browsers tell our whole origin'],
  ['critical-ch', 'would change what browsers tell our whole origin'],
  ['set-login', 'tells the browser who is signed in where, for our whole origin'],
  ['activate-storage-access', 'asks for cookies in other sites’ frames'],
  ['use-as-dictionary', 'would decide how later answers of our origin are decompressed'],
  ['origin-agent-cluster', 'is decided for a whole origin by the first answer that says so'],
  ['origin-trial', 'switches browser features on'],
  ['sourcemap', 'makes developer tools fetch in our name'],
  ['x-sourcemap', 'makes developer tools fetch in our name'],
  ['x-dns-prefetch-control', 'makes a browser ask for names somebody can watch'],
  ['x-permitted-cross-domain-policies', 'would open our origin to other sites’ plug-ins'],
  ['timing-allow-origin', 'tells other sites how long our answers take'],
  ['expect-ct', 'reports our visitors to others'],
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
  ['cross-origin-', 'how our origin is kept apart from others is ours to say'],
  ['attribution-reporting-', 'reports our visitors to others'],
  ['sec-', 'binds or challenges a browser’s sessions with our origin'],
  ['secure-session-', 'binds or challenges a browser’s sessions with our origin'],
  ['lamplighter-', 'our page trusts them as ours'],
  ['x-accel-', 'commands to a web server before us'],
  ['proxy-', 'meant for the hop between us and the cluster'],
]);

const NO_NAMES: ReadonlySet<string> = new Set();

/** Header names as the policy compares them: every spelling of a name, with `_` or `-` and in any case, is one. */
export function canonicalNames(names: readonly string[]): ReadonlySet<string> {
  return new Set(names.map(canonical));
}

export interface OwnRequestHeaders {
  readonly authorization: string;
  readonly auditId: string;
}

/**
 * What goes to the cluster: the client's headers less the sets above, then ours.
 * @param alsoDropped - further names, from `canonicalNames`.
 */
export function upstreamHeaders(
  received: RawHeaders,
  own: OwnRequestHeaders,
  alsoDropped: ReadonlySet<string> = NO_NAMES,
): string[] {
  // Servers that read `_` as `-` (CGI, WSGI) would take `Content_Length` for a header of ours. No honest client sends such a name.
  const kept = keep(
    received,
    (plain, name) =>
      name.includes('_') || alsoDropped.has(plain) || isNamed(plain, REQUEST_DROPPED, REQUEST_DROPPED_PREFIXES),
  );
  kept.push('authorization', own.authorization, 'audit-id', own.auditId);
  return kept;
}

/**
 * What goes to the browser. Proxied answers live on our origin, so a page a pod serves must not run there as ours: `sandbox` gives it
 * an origin of its own, `nosniff` keeps data from turning into a page. Nothing may be kept by a cache people share; what has an ETag
 * the browser itself may keep, if it asks us again each time, so a document of megabytes is fetched once and a lost right counts at once.
 */
export function downstreamHeaders(received: RawHeaders): string[] {
  const kept = keep(received, (plain) => isNamed(plain, RESPONSE_DROPPED, RESPONSE_DROPPED_PREFIXES));
  const mayAskAgain =
    joined(received, 'etag') !== null && !/\bno-store\b/i.test(joined(received, 'cache-control') ?? '');
  if (mayAskAgain) kept.push('Cache-Control', 'private, no-cache', 'Vary', 'Cookie, Authorization');
  else kept.push('Cache-Control', 'no-store');
  kept.push('X-Content-Type-Options', 'nosniff', 'Content-Security-Policy', 'sandbox');
  return kept;
}

function keep(received: RawHeaders, isDropped: (plain: string, name: string) => boolean): string[] {
  const connectionNamed = namedByConnection(received);
  const kept: string[] = [];
  for (let at = 0; at + 1 < received.length; at += 2) {
    const name = received[at] ?? '';
    const plain = canonical(name);
    if (HOP_BY_HOP.has(plain) || connectionNamed?.has(plain) === true || isDropped(plain, name)) continue;
    kept.push(name, received[at + 1] ?? '');
  }
  return kept;
}

function isNamed(name: string, names: ReadonlyMap<string, string>, prefixes: ReadonlyMap<string, string>): boolean {
  if (names.has(name)) return true;
  for (const prefix of prefixes.keys()) if (name.startsWith(prefix)) return true;
  return false;
}

// Some servers read `_` as `-`: `Set_Cookie` must meet the same rule as `Set-Cookie`.
function canonical(name: string): string {
  return name.toLowerCase().replaceAll('_', '-');
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

/** Repeats joined as a list; null without any. */
function joined(headers: RawHeaders, wanted: string): string | null {
  const values = headers.filter((_, at) => at % 2 === 1 && headers[at - 1]?.toLowerCase() === wanted);
  return values.length === 0 ? null : values.join(', ');
}
