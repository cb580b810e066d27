/** Reads who an identity-aware proxy says is asking. Only ever called for connections of a proxy we trust. */
import { accept, judgePastedToken, type PastedToken, type Person, type Result, refuse } from '@lamplighter/auth-core';
import type { IdentityHeaders } from '../config/server-config.ts';
import { headerValues } from '../http/raw-headers.ts';

export interface ProxyIdentity {
  /** What the cluster is sent; null: the proxy names somebody and gives nothing a cluster would accept. */
  readonly bearer: PastedToken | null;
  /** For display only; null when the proxy gives a token and no name. */
  readonly person: Person | null;
}

/**
 * Null when the proxy says nothing. A header that comes twice is refused, not chosen from: a proxy that adds its own without taking the
 * client's away would let anybody be anybody. Refused as well: a token header that is there and holds no token.
 */
export function readProxyIdentity(rawHeaders: readonly string[], names: IdentityHeaders): Result<ProxyIdentity | null> {
  const found = { username: '', groups: '', email: '' };
  for (const field of ['username', 'groups', 'email'] as const) {
    const values = headerValues(rawHeaders, names[field]);
    if (values.length > 1) return refuse({ reason: 'proxy_identity_malformed' });
    found[field] = toText(values[0] ?? '');
  }
  const tokens = headerValues(rawHeaders, names.token);
  const token = tokens[0] === undefined ? null : judgePastedToken(tokens[0]);
  if (tokens.length > 1 || token?.ok === false) return refuse({ reason: 'proxy_identity_malformed' });
  const person = found.username === '' ? null : { ...found, groups: listOf(found.groups), groupsIncomplete: false };
  if (token === null && person === null) return accept(null);
  return accept({ bearer: token?.value ?? null, person });
}

// Node reads header bytes as latin1; proxies write names as UTF-8. Bytes that are none stay as they were read.
function toText(value: string): string {
  const utf8 = Buffer.from(value, 'latin1').toString('utf8');
  return (utf8.includes('\ufffd') ? value : utf8).trim();
}

function listOf(csv: string): readonly string[] {
  return csv
    .split(',')
    .map((group) => group.trim())
    .filter((group) => group !== '');
}
