/** Judges the tokens of one answer: the signature by the provider's keys, then what they say, by auth-core. */
import {
  checkAccessClaims,
  type ExpectedAudience,
  type IdTokenCheck,
  type Issuer,
  type Refusal,
  toIssuer,
} from '@lamplighter/auth-core';
import type { OidcConfig } from '../config/server-config.ts';
import { believedAlgorithms } from './algorithms.ts';
import { fitsAccessToken } from './at-hash.ts';
import type { ProviderMetadata } from './discovery.ts';
import type { KeySet } from './key-set.ts';
import { ACCESS_TOKEN_KINDS, ID_TOKEN_KINDS, openToken } from './signed-token.ts';
import type { TokenAnswer } from './token-request.ts';

export type Judgement<Value> =
  | { readonly kind: 'passed'; readonly value: Value }
  | { readonly kind: 'refused'; readonly check: IdTokenCheck }
  /** The keys could not be had, so nobody knows. */
  | { readonly kind: 'unknown'; readonly refusal: Refusal };

export interface TokenJudge {
  /** What every ID token of this provider must say. */
  readonly expected: ExpectedAudience & { readonly issuer: Issuer };
  /** The claims, not yet compared with anything but the access token beside them. */
  openIdToken(answer: TokenAnswer): Promise<Judgement<object>>;
  /** Passes at once where the access token is not the bearer, or the operator does not say what it must look like. */
  judgeAccessToken(accessToken: string, now: number): Promise<Judgement<null>>;
}

export interface TokenJudgeDeps {
  readonly config: OidcConfig;
  readonly metadata: ProviderMetadata;
  readonly keys: KeySet;
}

export function createTokenJudge({ config, metadata, keys }: TokenJudgeDeps): TokenJudge {
  const algorithms = believedAlgorithms(metadata, 'id_token_signing_alg_values_supported');
  const { clientId, validatorClientId, validatorIssuer, useAccessToken } = config;
  const named = toIssuer(metadata.issuer);
  return {
    // The validator settings are about the bearer, whichever token that is.
    expected: useAccessToken
      ? { issuer: named, audience: clientId, clientId }
      : { issuer: validatorIssuer ?? named, audience: validatorClientId ?? clientId, clientId },
    openIdToken: async ({ idToken, accessToken }) => {
      if (idToken === null) return { kind: 'refused', check: 'missing' };
      const opening = await openToken(idToken, { keys, algorithms, kinds: ID_TOKEN_KINDS });
      if (opening.kind !== 'opened') return opening;
      const { claims, alg } = opening.token;
      return fitsAccessToken(Reflect.get(claims, 'at_hash'), alg, accessToken)
        ? { kind: 'passed', value: claims }
        : { kind: 'refused', check: 'at_hash' };
    },
    judgeAccessToken: async (accessToken, now) => {
      if (!useAccessToken || (validatorClientId === null && validatorIssuer === null)) return PASSED;
      const opening = await openToken(accessToken, { keys, algorithms, kinds: ACCESS_TOKEN_KINDS });
      if (opening.kind !== 'opened') return opening;
      const expected = { issuer: validatorIssuer ?? named, audience: validatorClientId, now };
      const check = checkAccessClaims(opening.token.claims, expected);
      return check === null ? PASSED : { kind: 'refused', check };
    },
  };
}

const PASSED = { kind: 'passed', value: null } as const;
