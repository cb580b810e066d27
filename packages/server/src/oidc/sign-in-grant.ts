/** What a code is worth: one token request, every token in the answer judged, userinfo where it is needed. In that order, ending at the first no. */
import {
  accept,
  type EpochSeconds,
  mintVerifiedClaims,
  type Result,
  refuse,
  type ValidatedCallback,
} from '@lamplighter/auth-core';
import type { OidcConfig } from '../config/server-config.ts';
import type { TokenJudge } from './judge-tokens.ts';
import type { SignedInAtProvider } from './provider.ts';
import { isOpaque, tokensOfSignIn } from './provider-tokens.ts';
import type { TokenRequests } from './token-request.ts';
import type { Userinfo } from './userinfo.ts';

export interface SignInDeps {
  readonly config: OidcConfig;
  readonly requests: TokenRequests;
  readonly judge: TokenJudge;
  readonly userinfo: Userinfo;
}

export async function redeemCode(
  { login, code }: ValidatedCallback,
  now: EpochSeconds,
  { config, requests, judge, userinfo }: SignInDeps,
): Promise<Result<SignedInAtProvider>> {
  const { usePkce, useAccessToken } = config;
  const outcome = await requests.exchangeCode(login, code, usePkce ? login.codeVerifier : null);
  if (outcome.kind === 'failed') return refuse(outcome.refusal);
  if (outcome.kind === 'denied') return refuse({ reason: 'code_refused', error: outcome.error, pkceUsed: usePkce });
  const { answer } = outcome;
  const { accessToken, idToken } = answer;
  if (idToken === null) return refuse({ reason: 'id_token_refused', check: 'missing' });
  const opened = await judge.openIdToken(answer);
  if (opened.kind === 'unknown') return refuse(opened.refusal);
  if (opened.kind === 'refused') return refuse({ reason: 'id_token_refused', check: opened.check });
  const verified = mintVerifiedClaims(opened.value, { ...judge.expected, nonce: login.nonce, now });
  if (!verified.ok) return verified;
  const access = await judge.judgeAccessToken(accessToken, now);
  if (access.kind === 'unknown') return refuse(access.refusal);
  if (access.kind === 'refused') return refuse({ reason: 'access_token_refused', check: access.check });
  const claims = verified.value;
  const mustAccept = useAccessToken && isOpaque(accessToken);
  const profile = await userinfo.profile({ accessToken, claims: claims.all, subject: claims.subject, mustAccept });
  if (!profile.ok) return profile;
  const facts = { useAccessToken, now, claims: claims.all, profile: profile.value, nonce: login.nonce };
  return accept({ claims, ...tokensOfSignIn({ ...answer, idToken }, facts) });
}
