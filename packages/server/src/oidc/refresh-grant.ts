/** What a refresh token is worth: one token request, and every token in the answer judged against the sign-in it comes from. */
import {
  checkRefreshedClaims,
  type EpochSeconds,
  type IdTokenCheck,
  type ProviderGrant,
  type Refusal,
  readClaimsWithoutVerifying,
  type SessionRecord,
} from '@lamplighter/auth-core';
import type { OidcConfig } from '../config/server-config.ts';
import type { Judgement, TokenJudge } from './judge-tokens.ts';
import type { RefreshOutcome } from './provider.ts';
import { tokensOfRenewal } from './provider-tokens.ts';
import type { TokenAnswer, TokenRequests } from './token-request.ts';

export interface RefreshDeps {
  readonly config: OidcConfig;
  readonly requests: TokenRequests;
  readonly judge: TokenJudge;
}

/** What is wrong with us rather than with the session; the operator mends it, and the session goes on (RFC 6749, section 5.2). */
const CLIENT_REFUSED = 'invalid_client';

export async function refreshTokens(
  record: SessionRecord,
  now: EpochSeconds,
  deps: RefreshDeps,
): Promise<RefreshOutcome> {
  const { grant, identity } = record;
  const refreshToken = grant?.refreshToken ?? null;
  if (grant === null || refreshToken === null || identity === null) return refused(refreshRefused('no_refresh_token'));
  // A session of another provider, from before the configuration changed: its refresh token is not for this one to see.
  if (identity.issuer !== deps.judge.expected.issuer) return refused({ reason: 'refresh_mismatch', check: 'iss' });
  const outcome = await deps.requests.refresh(refreshToken);
  if (outcome.kind === 'failed') return unavailable(outcome.refusal);
  if (outcome.kind === 'denied') {
    const refusal = refreshRefused(outcome.error);
    return outcome.error === CLIENT_REFUSED ? unavailable(refusal) : refused(refusal);
  }
  const { answer } = outcome;
  const judged = await judgeRenewal(answer, { grant, subject: identity.subject, now }, deps.judge);
  if (judged.kind === 'unknown') return unavailable(judged.refusal);
  if (judged.kind === 'refused') return refused({ reason: 'refresh_mismatch', check: judged.check });
  const { useAccessToken } = deps.config;
  const tokens = tokensOfRenewal(answer, { ...record, grant }, { useAccessToken, now, claims: judged.value });
  return { kind: 'renewed', tokens };
}

interface RenewalFacts {
  readonly grant: ProviderGrant;
  readonly subject: string;
  readonly now: EpochSeconds;
}

/** @returns the new ID token's claims; null when none came. */
async function judgeRenewal(
  answer: TokenAnswer,
  { grant, subject, now }: RenewalFacts,
  judge: TokenJudge,
): Promise<Judgement<object | null>> {
  let claims: object | null = null;
  if (answer.idToken !== null) {
    const opened = await judge.openIdToken(answer);
    if (opened.kind !== 'passed') return opened;
    claims = opened.value;
    // It was verified when it came, and lay sealed since.
    const before = readClaimsWithoutVerifying(grant.idToken);
    const check = checkRefreshedClaims(claims, { ...judge.expected, subject, nonce: grant.nonce, before, now });
    if (check !== null) return mismatch(check);
  }
  const access = await judge.judgeAccessToken(answer.accessToken, now);
  return access.kind === 'passed' ? { kind: 'passed', value: claims } : access;
}

function mismatch(check: IdTokenCheck): Judgement<never> {
  return { kind: 'refused', check };
}

function refreshRefused(error: string): Refusal {
  return { reason: 'refresh_refused', error };
}

function refused(refusal: Refusal): RefreshOutcome {
  return { kind: 'refused', refusal };
}

function unavailable(refusal: Refusal): RefreshOutcome {
  return { kind: 'unavailable', refusal };
}
