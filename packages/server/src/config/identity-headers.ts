/** Owns which headers can never carry a proxy's word for who somebody is, because they already mean something else on the way here. */

/** Lower case, each with what it already means. What is named as an identity header never reaches a cluster. */
const TAKEN: ReadonlyMap<string, string> = new Map([
  ['authorization', 'a bearer of the client’s own, with a place of its own in the order'],
  ['proxy-authorization', 'a credential for the next proxy'],
  ['cookie', 'holds the ticket of a session'],
  ['host', 'decides the origin that writes are compared with'],
  ['origin', 'browsers say in it where a write comes from'],
  ['referer', 'browsers write the page’s address into it'],
  ['accept', 'browsers send it with every request'],
  ['accept-encoding', 'browsers send it with every request'],
  ['accept-language', 'browsers send it with every request'],
  ['user-agent', 'browsers send it with every request'],
  ['content-type', 'describes the body'],
  ['content-length', 'frames the body'],
  ['content-encoding', 'describes the body'],
  ['transfer-encoding', 'frames the body'],
  ['te', 'belongs to one connection'],
  ['trailer', 'belongs to one connection'],
  ['connection', 'belongs to one connection'],
  ['keep-alive', 'belongs to one connection'],
  ['upgrade', 'belongs to one connection'],
  ['expect', 'belongs to one connection'],
  ['audit-id', 'replaced by ours'],
  ['forwarded', 'says how a browser reached a proxy'],
  ['x-forwarded-for', 'says how a browser reached a proxy'],
  ['x-forwarded-host', 'says how a browser reached a proxy'],
  ['x-forwarded-proto', 'says how a browser reached a proxy'],
]);

/** Families of which every member is taken: what browsers alone may write (Fetch standard), and what is ours. */
const TAKEN_PREFIXES: readonly string[] = ['sec-', 'lamplighter-'];

/** @param name - lower case. `_` counts as `-`, as it does to many servers. */
export function isForbiddenIdentityHeader(name: string): boolean {
  const plain = name.replaceAll('_', '-');
  return TAKEN.has(plain) || TAKEN_PREFIXES.some((prefix) => plain.startsWith(prefix));
}
