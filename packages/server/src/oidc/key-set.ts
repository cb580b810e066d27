/** Owns the provider's signing keys: kept, asked for again when a token is signed with one that nobody knows, and not more often than that. */
import { accept, type Result } from '@lamplighter/auth-core';
import { createLocalJWKSet, errors, type JSONWebKeySet, type LocalJWKSet } from 'jose';
import { KEYS_MAX_AGE_MS, KEYS_REFETCH_INTERVAL_MS, KEYS_RETRY_PAUSE_MS } from '../constants.ts';
import { ask, readJson, unreadable } from './ask-provider.ts';

export interface KeySet {
  /** The keys as they are known; asks for them when there are none, or when they are old. Refuses only when there are none to be had. */
  current(): Promise<Result<LocalJWKSet>>;
  /**
   * Newer keys than those, which did not fit. Null: they were asked for less than `KEYS_REFETCH_INTERVAL_MS` ago. Refuses when they
   * cannot be had; the old ones are kept then.
   */
  newerThan(seen: LocalJWKSet): Promise<Result<LocalJWKSet> | null>;
}

export interface KeySetEdges {
  readonly fetch: typeof globalThis.fetch;
  /** Milliseconds of a clock that never jumps. */
  readonly monotonicMs: () => number;
}

export function createKeySet(url: string, { fetch, monotonicMs }: KeySetEdges): KeySet {
  let kept: { readonly keys: LocalJWKSet; readonly at: number } | undefined;
  let failed: { readonly answer: Result<LocalJWKSet>; readonly at: number } | undefined;
  let refetchedAt = Number.NEGATIVE_INFINITY;
  let underWay: Promise<Result<LocalJWKSet>> | undefined;

  // Whoever comes meanwhile waits for the same answer.
  function fetchOnce(): Promise<Result<LocalJWKSet>> {
    underWay ??= fetchKeys(url, fetch)
      .then((fetched) => {
        if (fetched.ok) kept = { keys: fetched.value, at: monotonicMs() };
        else failed = { answer: fetched, at: monotonicMs() };
        return fetched;
      })
      .finally(() => {
        underWay = undefined;
      });
    return underWay;
  }

  function refetch(): Promise<Result<LocalJWKSet>> | null {
    if (underWay !== undefined) return underWay;
    // Attack this stops: a flood of tokens with made-up key ids would have us flood the provider.
    if (monotonicMs() - refetchedAt < KEYS_REFETCH_INTERVAL_MS) return null;
    refetchedAt = monotonicMs();
    return fetchOnce();
  }

  return {
    current: async () => {
      if (kept === undefined) {
        // Attack this stops: anybody can send logout tokens, and each would ask a provider in trouble once more.
        if (failed !== undefined && monotonicMs() - failed.at < KEYS_RETRY_PAUSE_MS) return failed.answer;
        return fetchOnce();
      }
      const { keys, at } = kept;
      if (monotonicMs() - at < KEYS_MAX_AGE_MS) return accept(keys);
      const fetched = await refetch();
      return fetched?.ok === true ? fetched : accept(keys);
    },
    newerThan: async (seen) => (kept !== undefined && kept.keys !== seen ? accept(kept.keys) : refetch()),
  };
}

async function fetchKeys(url: string, fetch: typeof globalThis.fetch): Promise<Result<LocalJWKSet>> {
  // RFC 7517, section 8.5.1.
  const headers = { accept: 'application/jwk-set+json, application/json' };
  const answer = await ask(() => fetch(url, { headers }));
  if (!answer.ok) return answer;
  if (answer.value.status !== 200) return unreadable('OAUTH_RESPONSE_IS_NOT_CONFORM');
  const json = await readJson(answer.value, ['application/json', 'application/jwk-set+json']);
  if (!json.ok) return json;
  try {
    // The library looks at every member itself, and refuses what is no key set.
    return accept(createLocalJWKSet(json.value as JSONWebKeySet));
  } catch (error) {
    if (error instanceof errors.JWKSInvalid) return unreadable('OAUTH_INVALID_RESPONSE');
    throw error;
  }
}
