/**
 * Reads a JWT without verifying it. What comes out is a claim of whoever wrote the token: good for showing people a time and for
 * ending a session early, never for deciding who somebody is before the cluster has accepted the token.
 */
import type { EpochSeconds } from '../brands.ts';
import { decodeBase64url } from '../encoding/base64url.ts';
import { parseJson, valueAt } from '../encoding/json.ts';

/** The payload, or undefined when the token is no JWT (RFC 7519, section 7.2: three parts, the second of JSON). */
export function readClaimsWithoutVerifying(token: string): unknown {
  const [, payload, , ...more] = token.split('.');
  const bytes = payload === undefined || more.length > 0 ? undefined : decodeBase64url(payload);
  return bytes === undefined ? undefined : parseJson(decodeUtf8(bytes));
}

/** `exp` (RFC 7519, section 4.1.4) in whole seconds, or null for a token that names no end. */
export function readExpiryWithoutVerifying(token: string): EpochSeconds | null {
  const exp = valueAt(readClaimsWithoutVerifying(token), 'exp');
  return typeof exp === 'number' && Number.isFinite(exp) && exp > 0 ? Math.floor(exp) : null;
}

// The core has no TextDecoder; percent-decoding is the language's own UTF-8 reader.
function decodeUtf8(bytes: Uint8Array): string {
  let escaped = '';
  for (const byte of bytes) escaped += `%${byte.toString(16).padStart(2, '0')}`;
  try {
    return decodeURIComponent(escaped);
  } catch {
    return '';
  }
}
