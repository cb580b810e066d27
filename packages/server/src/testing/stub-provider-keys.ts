/** The signing keys of a provider that tests stage. */
import { CompactSign, exportJWK, generateKeyPair, type JWK } from 'jose';

export interface SigningKeys {
  /** The public half, as the key set shows it. */
  readonly jwk: JWK;
  /** @param payload - any JSON. @param header - merged over `alg` and `kid`. */
  sign(payload: unknown, header?: Record<string, unknown>): Promise<string>;
}

/** @param kid - undefined: the key set and the tokens name none. */
export async function makeSigningKeys(kid?: string, alg = 'RS256'): Promise<SigningKeys> {
  const { privateKey, publicKey } = await generateKeyPair(alg);
  const named = kid === undefined ? {} : { kid };
  return {
    jwk: { ...(await exportJWK(publicKey)), ...named, alg },
    sign: (payload, header = {}) =>
      new CompactSign(new TextEncoder().encode(JSON.stringify(payload)))
        .setProtectedHeader({ alg, ...named, ...header })
        .sign(privateKey),
  };
}
