/** Opens a signed token: is it one, of the right kind, signed as agreed by a key of the provider's? What it says is judged elsewhere. */
import type { IdTokenCheck, Refusal } from '@lamplighter/auth-core';
import {
  type CompactJWSHeaderParameters,
  type CryptoKey,
  compactVerify,
  decodeProtectedHeader,
  errors,
  type LocalJWKSet,
} from 'jose';
import type { KeySet } from './key-set.ts';

export interface OpenedToken {
  readonly claims: object;
  readonly alg: string;
}

export type FormCheck = Extract<IdTokenCheck, 'malformed' | 'alg' | 'typ' | 'key' | 'signature'>;

export type Opening =
  | { readonly kind: 'opened'; readonly token: OpenedToken }
  | { readonly kind: 'refused'; readonly check: FormCheck }
  /** The keys could not be had, so nobody knows. */
  | { readonly kind: 'unknown'; readonly refusal: Refusal };

export interface ExpectedForm {
  readonly keys: KeySet;
  readonly algorithms: readonly string[];
  /** Kinds of the header's `typ`, lower case and without `application/`; an empty text stands for a header without one. */
  readonly kinds: ReadonlySet<string>;
}

/** RFC 8725, section 3.11: a token of one kind is never taken for one of another. `jwt` and nothing are what most providers write. */
export const ID_TOKEN_KINDS: ReadonlySet<string> = new Set(['', 'jwt']);
/** RFC 9068, section 2.1, beside the many that came before it. */
export const ACCESS_TOKEN_KINDS: ReadonlySet<string> = new Set(['', 'jwt', 'at+jwt']);
/** OpenID Connect Back-Channel Logout 1.0, section 2.4. */
export const LOGOUT_TOKEN_KINDS: ReadonlySet<string> = new Set(['logout+jwt']);
export const USERINFO_KINDS: ReadonlySet<string> = new Set(['', 'jwt', 'userinfo+jwt']);

export async function openToken(token: string, { keys, algorithms, kinds }: ExpectedForm): Promise<Opening> {
  const header = readHeader(token);
  if (header === undefined) return refused('malformed');
  if (!algorithms.includes(header.alg)) return refused('alg');
  if (!kinds.has(kindOf(header.typ))) return refused('typ');
  const known = await keys.current();
  if (!known.ok) return { kind: 'unknown', refusal: known.refusal };
  const verified = await verify(token, header, known.value);
  if (verified.ok || !mayBeNewKey(verified.check, header)) return conclude(verified, header.alg);
  const newer = await keys.newerThan(known.value);
  if (newer === null) return conclude(verified, header.alg);
  if (!newer.ok) return { kind: 'unknown', refusal: newer.refusal };
  return conclude(await verify(token, header, newer.value), header.alg);
}

/** The header, if the token has the form of a signed one (RFC 7515, section 7.1). */
function readHeader(token: string): CompactJWSHeaderParameters | undefined {
  if (token.split('.').length !== 3) return undefined;
  try {
    const header = decodeProtectedHeader(token);
    // RFC 7797, section 7: a JWT's payload is always encoded.
    return typeof header.alg === 'string' && header.b64 === undefined ? { ...header, alg: header.alg } : undefined;
  } catch {
    return undefined;
  }
}

function kindOf(typ: unknown): string {
  if (typ === undefined) return '';
  return typeof typ === 'string' && typ !== '' ? typ.toLowerCase().replace(/^application\//, '') : 'none';
}

/** Without a key id nobody can tell a new key from a bad signature. */
function mayBeNewKey(check: FormCheck, { kid }: CompactJWSHeaderParameters): boolean {
  return check === 'key' || (check === 'signature' && kid === undefined);
}

type Verified =
  | { readonly ok: true; readonly payload: Uint8Array }
  | { readonly ok: false; readonly check: Extract<FormCheck, 'malformed' | 'key' | 'signature'> };

async function verify(token: string, header: CompactJWSHeaderParameters, keys: LocalJWKSet): Promise<Verified> {
  let last: Verified = { ok: false, check: 'key' };
  for (const key of await fittingKeys(header, keys)) {
    last = await verifyWith(token, key);
    if (last.ok) return last;
  }
  return last;
}

/** Without a key id, all that fit the algorithm (OpenID Connect Core 1.0, section 10.1). */
async function fittingKeys(header: CompactJWSHeaderParameters, keys: LocalJWKSet): Promise<readonly CryptoKey[]> {
  try {
    return [await keys(header)];
  } catch (error) {
    const fitting: CryptoKey[] = [];
    // Any other error: none fits, or the one that does cannot be read, which is as good as none.
    if (error instanceof errors.JWKSMultipleMatchingKeys) for await (const key of error) fitting.push(key);
    return fitting;
  }
}

async function verifyWith(token: string, key: CryptoKey): Promise<Verified> {
  try {
    const { payload } = await compactVerify(token, key);
    return { ok: true, payload };
  } catch (error) {
    if (error instanceof errors.JWSSignatureVerificationFailed) return { ok: false, check: 'signature' };
    // A header or a part of it that the library knows no meaning of (`crit`), or what is no base64url.
    if (error instanceof errors.JOSEError) return { ok: false, check: 'malformed' };
    // The library refuses RSA keys shorter than RFC 7518, section 3.3 allows with a TypeError.
    if (error instanceof TypeError) return { ok: false, check: 'key' };
    throw error;
  }
}

function conclude(verified: Verified, alg: string): Opening {
  if (!verified.ok) return refused(verified.check);
  const claims = readClaims(verified.payload);
  return claims === undefined ? refused('malformed') : { kind: 'opened', token: { claims, alg } };
}

function readClaims(payload: Uint8Array): object | undefined {
  try {
    const claims: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(payload));
    return typeof claims === 'object' && claims !== null && !Array.isArray(claims) ? claims : undefined;
  } catch {
    return undefined;
  }
}

function refused(check: FormCheck): Opening {
  return { kind: 'refused', check };
}
