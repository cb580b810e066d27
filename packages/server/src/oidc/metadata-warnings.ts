/** What an operator should know of a provider that works all the same. */
import type { OidcConfig } from '../config/server-config.ts';
import { believedAlgorithms, listOf } from './algorithms.ts';
import type { ProviderMetadata } from './discovery.ts';

/** Whole sentences. */
export function warningsOf(config: OidcConfig, metadata: ProviderMetadata): readonly string[] {
  const warnings: string[] = [];
  // RFC 9700, section 2.1.1: a provider that ignores the challenge protects nothing by it, and nobody would notice.
  if (config.usePkce && listOf(metadata, 'code_challenge_methods_supported')?.includes('S256') !== true) {
    warnings.push(
      `The issuer ${config.issuer} does not say that it knows PKCE (code_challenge_methods_supported lacks S256): sign-ins are protected by state and nonce alone if it does not.`,
    );
  }
  if (believedAlgorithms(metadata, 'id_token_signing_alg_values_supported').length === 0) {
    warnings.push(
      `The issuer ${config.issuer} signs ID tokens in no way this server believes (id_token_signing_alg_values_supported): nobody can sign in.`,
    );
  }
  if (config.userinfo === 'always' && metadata.userinfo_endpoint === undefined) {
    warnings.push(`The issuer ${config.issuer} names no userinfo_endpoint, so --oidc-userinfo=always has no effect.`);
  }
  return warnings;
}
