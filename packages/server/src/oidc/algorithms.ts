/** Owns which signatures are believed. */
import type { ProviderMetadata } from './discovery.ts';

/**
 * Asymmetric ones only. Attacks this stops: `none`, and HS256 with the client secret or with the provider's public key as the secret
 * (RFC 8725, sections 2.1 and 3.1).
 */
const BELIEVED: readonly string[] = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
  'Ed25519',
];

/** What a provider signs with that does not say (OpenID Connect Core 1.0, section 15.1). */
const USUAL: readonly string[] = ['RS256'];

/** Those of the metadata's list that are believed; a list that is no list counts as none. */
export function believedAlgorithms(
  metadata: ProviderMetadata,
  member: 'id_token_signing_alg_values_supported' | 'userinfo_signing_alg_values_supported',
): readonly string[] {
  const listed = listOf(metadata, member);
  return listed === undefined ? USUAL : BELIEVED.filter((algorithm) => listed.includes(algorithm));
}

/** A member that should be a list; undefined when it is none. */
export function listOf(metadata: ProviderMetadata, member: string): readonly unknown[] | undefined {
  const value = metadata[member];
  return Array.isArray(value) ? value : undefined;
}
