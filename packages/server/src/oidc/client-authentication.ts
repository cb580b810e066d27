/** Owns how this server proves to the provider which client it is (OpenID Connect Core 1.0, section 9). */
import { createPrivateKey } from 'node:crypto';
import { importPKCS8 } from 'jose';
import { type ClientAuth, ClientSecretBasic, ClientSecretPost, None, PrivateKeyJwt } from 'oauth4webapi';
import type { ClientAuthentication } from '../config/server-config.ts';

export function createClientAuthentication(authentication: ClientAuthentication): ClientAuth {
  switch (authentication.method) {
    case 'none':
      return None();
    // Form-encodes both before it joins them (RFC 6749, section 2.3.1): a colon in an id would otherwise end it.
    case 'client_secret_basic':
      return ClientSecretBasic(authentication.secret);
    case 'client_secret_post':
      return ClientSecretPost(authentication.secret);
    case 'private_key_jwt':
      return signWith(authentication.privateKey);
  }
}

/** RFC 7523, section 2.2. The key is read once, when the first request needs it. */
function signWith(pem: string): ClientAuth {
  let authentication: Promise<ClientAuth> | undefined;
  return async (...request) => {
    authentication ??= importPKCS8(pem, algorithmOf(pem)).then((key) => PrivateKeyJwt(key));
    await (await authentication)(...request);
  };
}

/** By OpenSSL's name of its curve (RFC 7518, section 3.4). */
const CURVE_ALGORITHMS: ReadonlyMap<string, string> = new Map([
  ['prime256v1', 'ES256'],
  ['secp384r1', 'ES384'],
  ['secp521r1', 'ES512'],
]);

// The configuration lets no other key through than RSA, these curves and Ed25519.
function algorithmOf(pem: string): string {
  const { asymmetricKeyType, asymmetricKeyDetails } = createPrivateKey(pem);
  if (asymmetricKeyType === 'rsa') return 'RS256';
  return CURVE_ALGORITHMS.get(asymmetricKeyDetails?.namedCurve ?? '') ?? 'Ed25519';
}
