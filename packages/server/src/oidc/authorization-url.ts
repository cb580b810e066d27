/** Builds the address at which a browser begins to sign in (OpenID Connect Core 1.0, section 3.1.2.1). */
import { createHash } from 'node:crypto';
import type { LoginTransaction } from '@lamplighter/auth-core';
import type { OidcConfig } from '../config/server-config.ts';
import { listOf } from './algorithms.ts';
import type { ProviderMetadata } from './discovery.ts';

export function authorizationUrl(config: OidcConfig, metadata: ProviderMetadata, login: LoginTransaction): string {
  const url = new URL(metadata.authorization_endpoint);
  const parameters = {
    client_id: config.clientId,
    response_type: 'code',
    redirect_uri: login.redirectUri,
    scope: scopesOf(config, metadata).join(' '),
    state: login.state,
    nonce: login.nonce,
    ...(config.usePkce ? { code_challenge: challengeOf(login.codeVerifier), code_challenge_method: 'S256' } : {}),
  };
  // The endpoint may have a query of its own, which is kept (RFC 6749, section 3.1).
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
  return url.href;
}

/** A provider that lists its scopes and not this one would refuse the whole sign-in for it. */
function scopesOf({ scopes, offlineAccess }: OidcConfig, metadata: ProviderMetadata): readonly string[] {
  const listed = listOf(metadata, 'scopes_supported');
  const asks = offlineAccess && (listed === undefined || listed.includes('offline_access'));
  return asks ? [...new Set([...scopes, 'offline_access'])] : scopes;
}

/** RFC 7636, section 4.2. */
function challengeOf(codeVerifier: string): string {
  return createHash('sha256').update(codeVerifier).digest('base64url');
}
