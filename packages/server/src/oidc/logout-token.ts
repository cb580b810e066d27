/** Judges a logout token (OpenID Connect Back-Channel Logout 1.0, section 2.6): its signature here, what it says in auth-core. */
import { accept, type EpochSeconds, type Issuer, judgeLogoutClaims, type Result, refuse } from '@lamplighter/auth-core';
import { believedAlgorithms } from './algorithms.ts';
import type { ProviderMetadata } from './discovery.ts';
import type { KeySet } from './key-set.ts';
import type { LogoutNotice } from './provider.ts';
import { LOGOUT_TOKEN_KINDS, openToken } from './signed-token.ts';

export interface LogoutTokenFacts {
  readonly metadata: ProviderMetadata;
  readonly keys: KeySet;
  /** The one ID tokens name, so that the notice finds the sessions they began. */
  readonly issuer: Issuer;
  readonly clientId: string;
  readonly now: EpochSeconds;
}

export async function judgeLogoutToken(text: string, facts: LogoutTokenFacts): Promise<Result<LogoutNotice>> {
  const { metadata, keys, issuer, clientId, now } = facts;
  // Section 2.6: signed as this provider's ID tokens are.
  const algorithms = believedAlgorithms(metadata, 'id_token_signing_alg_values_supported');
  const opening = await openToken(text, { keys, algorithms, kinds: LOGOUT_TOKEN_KINDS });
  if (opening.kind === 'unknown') return refuse(opening.refusal);
  if (opening.kind === 'refused') return refuse({ reason: 'logout_token_refused', check: opening.check });
  const judged = judgeLogoutClaims(opening.token.claims, { issuer, clientId, now });
  return judged.ok ? accept({ issuer, ...judged.value }) : judged;
}
