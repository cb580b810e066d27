/** Speaks with one provider: where to send a browser, and what a code is worth. Everything it returns was verified. */
import { createHash } from 'node:crypto';
import {
  accept,
  CLOCK_SKEW_SECONDS,
  type EpochSeconds,
  type Issuer,
  type LoginTransaction,
  mintVerifiedClaims,
  type Result,
  type ValidatedCallback,
  type VerifiedClaims,
} from '@lamplighter/auth-core';
import {
  allowInsecureRequests,
  authorizationCodeGrant,
  buildAuthorizationUrl,
  ClientSecretBasic,
  Configuration,
  clockTolerance,
  customFetch,
  enableNonRepudiationChecks,
  None,
} from 'openid-client';
import type { OidcConfig } from '../config/server-config.ts';
import { PROVIDER_TIMEOUT_SECONDS } from '../constants.ts';
import type { ProviderMetadata } from './discovery.ts';
import { toExchangeRefusal } from './exchange-errors.ts';

export interface SignedInAtProvider {
  readonly claims: VerifiedClaims;
  /** The ID token, which is what a cluster accepts as bearer. */
  readonly idToken: string;
}

export interface OidcProvider {
  readonly issuer: Issuer;
  /** RFC 9207, section 3. */
  readonly issPromised: boolean;
  authorizationUrl(login: LoginTransaction): string;
  /** One token request. After a refused answer nothing more is asked of the provider. */
  exchange(callback: ValidatedCallback, now: EpochSeconds): Promise<Result<SignedInAtProvider>>;
}

/** @param fetch - trusts what the configuration says; see provider-agent.ts. */
export function createOidcProvider(
  config: OidcConfig,
  metadata: ProviderMetadata,
  fetch: typeof globalThis.fetch,
): OidcProvider {
  const client = createClient(config, metadata, fetch);
  return {
    issuer: config.issuer,
    issPromised: metadata['authorization_response_iss_parameter_supported'] === true,
    authorizationUrl: (login) =>
      buildAuthorizationUrl(client, {
        response_type: 'code',
        redirect_uri: login.redirectUri,
        scope: config.scopes.join(' '),
        state: login.state,
        nonce: login.nonce,
        ...(config.usePkce ? { code_challenge: challengeOf(login.codeVerifier), code_challenge_method: 'S256' } : {}),
      }).href,
    exchange: async ({ login, code, iss }, now) => {
      const expected = { issuer: config.issuer, clientId: config.clientId, nonce: login.nonce, now };
      const answer = new URL(login.redirectUri);
      answer.search = new URLSearchParams({ state: login.state, code, ...(iss === null ? {} : { iss }) }).toString();
      try {
        const tokens = await authorizationCodeGrant(client, answer, {
          expectedState: login.state,
          expectedNonce: login.nonce,
          idTokenExpected: true,
          ...(config.usePkce ? { pkceCodeVerifier: login.codeVerifier } : {}),
        });
        const claims = tokens.claims();
        const idToken = tokens.id_token;
        if (claims === undefined || idToken === undefined) {
          return { ok: false, refusal: { reason: 'id_token_refused', check: 'missing' } };
        }
        const verified = mintVerifiedClaims(claims, expected);
        return verified.ok ? accept({ claims: verified.value, idToken }) : verified;
      } catch (error) {
        return { ok: false, refusal: await toExchangeRefusal(error, { pkceUsed: config.usePkce, expected }) };
      }
    },
  };
}

function createClient(config: OidcConfig, metadata: ProviderMetadata, fetch: typeof globalThis.fetch): Configuration {
  const authentication = config.clientSecret === null ? None() : ClientSecretBasic(config.clientSecret);
  const client = new Configuration(metadata, config.clientId, { [clockTolerance]: CLOCK_SKEW_SECONDS }, authentication);
  // The library's options are those of fetch; its types also allow the `undefined` that fetch reads as absent.
  client[customFetch] = (url, options) => fetch(url, options as RequestInit);
  client.timeout = PROVIDER_TIMEOUT_SECONDS;
  // Without this the library trusts an ID token for having come over TLS and reads no signature at all.
  enableNonRepudiationChecks(client);
  // Only a loopback issuer gets here with http: the configuration and the discovery refuse every other.
  if (config.issuer.startsWith('http:')) allowInsecureRequests(client);
  return client;
}

/** RFC 7636, section 4.2. */
function challengeOf(codeVerifier: string): string {
  return createHash('sha256').update(codeVerifier).digest('base64url');
}
