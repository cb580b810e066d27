/** Asks the provider's userinfo endpoint who somebody is, where the ID token does not say it all (OpenID Connect Core 1.0, section 5.3). */
import { accept, type Refusal, type Result, refuse } from '@lamplighter/auth-core';
import type { OidcConfig } from '../config/server-config.ts';
import { believedAlgorithms } from './algorithms.ts';
import { ask, mediaTypeOf, readJson } from './ask-provider.ts';
import type { ProviderMetadata } from './discovery.ts';
import type { KeySet } from './key-set.ts';
import { openToken, USERINFO_KINDS } from './signed-token.ts';

export interface UserinfoDeps {
  readonly config: OidcConfig;
  readonly metadata: ProviderMetadata;
  readonly keys: KeySet;
  readonly fetch: typeof globalThis.fetch;
}

export interface UserinfoFacts {
  readonly accessToken: string;
  /** The ID token's claims, verified. */
  readonly claims: object;
  readonly subject: string;
  /** The access token becomes the bearer, and nothing but this endpoint can say whether it is one. */
  readonly mustAccept: boolean;
}

export interface Userinfo {
  /** Userinfo's claims as well, where it was asked; the ID token's win, because they are signed. */
  profile(facts: UserinfoFacts): Promise<Result<object>>;
}

export function createUserinfo(deps: UserinfoDeps): Userinfo {
  const { config, metadata, fetch } = deps;
  const endpoint = metadata.userinfo_endpoint;
  return {
    profile: async ({ accessToken, claims, subject, mustAccept }) => {
      if (endpoint === undefined || !isWanted(config, claims)) return accept(claims);
      const headers = { accept: 'application/json, application/jwt', authorization: `Bearer ${accessToken}` };
      const asked = await ask(() => fetch(endpoint, { headers }));
      const found = asked.ok ? await readUserinfo(asked.value, deps) : asked;
      if (found.ok) {
        // Attack this stops: a substituted access token would give somebody another person's name (section 5.3.2).
        if (Reflect.get(found.value, 'sub') !== subject) return refused('sub', null);
        return accept({ ...found.value, ...claims });
      }
      const isNeeded = config.userinfo === 'always' || mustAccept || isForged(found.refusal);
      return isNeeded ? found : accept(claims);
    },
  };
}

const NAMES = ['preferred_username', 'upn', 'username', 'name'] as const;

function isWanted({ userinfo, useAccessToken }: OidcConfig, claims: object): boolean {
  if (userinfo !== 'auto') return userinfo === 'always';
  const has = (name: string): boolean => Object.hasOwn(claims, name);
  return useAccessToken || !NAMES.some(has) || !has('email') || !has('groups');
}

async function readUserinfo(response: Response, { config, metadata, keys }: UserinfoDeps): Promise<Result<object>> {
  const { status } = response;
  if (status < 200 || status > 299) return refused('status', status);
  if (mediaTypeOf(response) !== 'application/jwt') {
    const json = await readJson(response);
    return json.ok && isObject(json.value) ? accept(json.value) : refused('format', status);
  }
  const algorithms = believedAlgorithms(metadata, 'userinfo_signing_alg_values_supported');
  const opening = await openToken((await response.text()).trim(), { keys, algorithms, kinds: USERINFO_KINDS });
  if (opening.kind === 'unknown') return refuse(opening.refusal);
  if (opening.kind === 'refused') return refused('signature', status);
  const { claims } = opening.token;
  return isForUs(claims, metadata.issuer, config.clientId) ? accept(claims) : refused('signature', status);
}

/** Section 5.3.2: signed, it should say from whom and for whom it is. */
function isForUs(claims: object, issuer: string, clientId: string): boolean {
  const { iss, aud }: { iss?: unknown; aud?: unknown } = claims;
  const audiences: readonly unknown[] = Array.isArray(aud) ? aud : [aud];
  return (iss === undefined || iss === issuer) && (aud === undefined || audiences.includes(clientId));
}

/** Somebody signed what they may not sign: that is no endpoint that is merely out of order. */
function isForged(refusal: Refusal): boolean {
  return refusal.reason === 'userinfo_refused' && refusal.problem === 'signature';
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function refused(problem: 'status' | 'sub' | 'format' | 'signature', status: number | null): Result<never> {
  return refuse({ reason: 'userinfo_refused', problem, status });
}
