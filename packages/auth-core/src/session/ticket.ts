/** Owns what a session cookie holds: an id that finds the record and a key that opens it. Neither alone is worth anything. */
import type { SessionId } from '../brands.ts';
import { SESSION_ID_BYTES, SESSION_KEY_BYTES } from '../constants.ts';
import { decodeBase64url, encodeBase64url } from '../encoding/base64url.ts';

export interface Ticket {
  readonly id: SessionId;
  /** `SESSION_KEY_BYTES` long. It lives in the browser and nowhere else. */
  readonly key: Uint8Array;
}

const VERSION = '1';

/** @param random - `SESSION_ID_BYTES + SESSION_KEY_BYTES` fresh random bytes. */
export function makeTicket(random: Uint8Array): Ticket {
  // Made of random bytes here; the parser below is the only other mint.
  const id = encodeBase64url(random.subarray(0, SESSION_ID_BYTES)) as SessionId;
  return { id, key: random.subarray(SESSION_ID_BYTES, SESSION_ID_BYTES + SESSION_KEY_BYTES) };
}

/** `1.<id>.<key>`, both base64url. */
export function formatTicket({ id, key }: Ticket): string {
  return `${VERSION}.${id}.${encodeBase64url(key)}`;
}

/** Undefined for anything `formatTicket` would not write. */
export function parseTicket(text: string): Ticket | undefined {
  const [version, id, key, ...more] = text.split('.');
  if (version !== VERSION || id === undefined || key === undefined || more.length > 0) return undefined;
  const keyBytes = decodeBase64url(key);
  if (decodeBase64url(id)?.length !== SESSION_ID_BYTES || keyBytes?.length !== SESSION_KEY_BYTES) return undefined;
  // Canonical base64url of the right length, as a session's id is.
  return { id: id as SessionId, key: keyBytes };
}
