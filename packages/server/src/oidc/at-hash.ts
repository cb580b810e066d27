/** Tells whether an ID token speaks of the access token beside it (OpenID Connect Core 1.0, section 3.1.3.6). */
import { createHash } from 'node:crypto';

/** @param alg - the ID token's own. @param atHash - its claim; absent, it speaks of none. */
export function fitsAccessToken(atHash: unknown, alg: string, accessToken: string): boolean {
  if (atHash === undefined) return true;
  const hash = createHash(hashOf(alg)).update(accessToken).digest();
  return atHash === hash.subarray(0, hash.length / 2).toString('base64url');
}

/** The hash of the signature itself; of EdDSA with Ed25519 it is SHA-512 (RFC 8032, section 5.1). */
function hashOf(alg: string): string {
  const [, bits = '512'] = /^(?:RS|PS|ES)(\d{3})$/.exec(alg) ?? [];
  return `sha${bits}`;
}
