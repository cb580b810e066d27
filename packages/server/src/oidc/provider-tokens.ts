/** Picks the bearer out of an answer whose tokens were judged, and keeps what came beside it. */
import {
  type EpochSeconds,
  type ProviderGrant,
  readClaimsWithoutVerifying,
  readExpiryWithoutVerifying,
  type SessionRecord,
} from '@lamplighter/auth-core';
import type { ProviderTokens } from './provider.ts';
import type { TokenAnswer } from './token-request.ts';

export interface BearerFacts {
  readonly useAccessToken: boolean;
  readonly now: EpochSeconds;
}

/** After a sign-in: `answer` holds an ID token. */
export function tokensOfSignIn(
  answer: TokenAnswer & { readonly idToken: string },
  facts: BearerFacts & { readonly claims: object; readonly profile: object; readonly nonce: string },
): ProviderTokens {
  const { idToken, refreshToken } = answer;
  const providerSession = readProviderSession(facts.claims);
  const grant = { refreshToken, idToken, nonce: facts.nonce, providerSession, failures: 0, retryAt: 0 };
  return { ...bearerOf(answer, idToken, facts), grant, profile: facts.profile };
}

/**
 * After a renewal. Without a new ID token where that is the bearer, the old one stays until its end, and there is no use in asking
 * again: such a provider renews access tokens only.
 * @param claims - of the new ID token; null when none came.
 */
export function tokensOfRenewal(
  answer: TokenAnswer,
  before: SessionRecord & { readonly grant: ProviderGrant },
  facts: BearerFacts & { readonly claims: object | null },
): ProviderTokens {
  const { idToken } = answer;
  const { claims } = facts;
  const grant: ProviderGrant = {
    // RFC 6749, section 6: no new refresh token means that the old one is still good.
    refreshToken: answer.refreshToken ?? before.grant.refreshToken,
    idToken: idToken ?? before.grant.idToken,
    nonce: before.grant.nonce,
    providerSession: (claims === null ? null : readProviderSession(claims)) ?? before.grant.providerSession,
    failures: 0,
    retryAt: 0,
  };
  const profile = claims ?? {};
  if (idToken === null && !facts.useAccessToken) {
    const { bearer, tokenExpiresAt } = before;
    return { bearer, bearerExpiresAt: tokenExpiresAt, grant: { ...grant, refreshToken: null }, profile };
  }
  return { ...bearerOf(answer, idToken ?? '', facts), grant, profile };
}

/** An opaque access token: nothing can be read in it. */
export function isOpaque(accessToken: string): boolean {
  const claims = readClaimsWithoutVerifying(accessToken);
  return typeof claims !== 'object' || claims === null;
}

function bearerOf(
  { accessToken, expiresInSeconds }: TokenAnswer,
  idToken: string,
  { useAccessToken, now }: BearerFacts,
): Pick<ProviderTokens, 'bearer' | 'bearerExpiresAt'> {
  if (!useAccessToken) return { bearer: idToken, bearerExpiresAt: readExpiryWithoutVerifying(idToken) };
  const announced = expiresInSeconds === null ? null : now + expiresInSeconds;
  return { bearer: accessToken, bearerExpiresAt: readExpiryWithoutVerifying(accessToken) ?? announced };
}

/** OpenID Connect Back-Channel Logout 1.0, section 2.1. */
function readProviderSession(claims: object): string | null {
  const { sid }: { sid?: unknown } = claims;
  return typeof sid === 'string' && sid !== '' ? sid : null;
}
