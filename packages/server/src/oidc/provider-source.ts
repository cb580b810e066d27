/** Finds the provider and keeps it: asks in the background until its document was had, and now and then afterwards. */
import { setTimeout as wait } from 'node:timers/promises';
import { accept, type Result, refuse } from '@lamplighter/auth-core';
import type { OidcConfig } from '../config/server-config.ts';
import { DISCOVERY_FIRST_PAUSE_MS, DISCOVERY_LONGEST_PAUSE_MS, METADATA_MAX_AGE_MS } from '../constants.ts';
import { createOidcProvider } from './client.ts';
import { type Discovered, describeProblem, discover, type ProviderMetadata } from './discovery.ts';
import { warningsOf } from './metadata-warnings.ts';
import type { OidcProvider, ProviderSource } from './provider.ts';

export interface ProviderSourceEdges {
  /** Trusts what the configuration says, and bounds every answer; see provider-agent.ts. */
  readonly fetch: typeof globalThis.fetch;
  /** Takes each sentence for the operator when it becomes true. */
  readonly onProblem: (sentence: string) => void;
  /** Milliseconds of a clock that never jumps. Default: the platform's. */
  readonly monotonicMs?: () => number;
}

export interface DiscoveringSource extends ProviderSource {
  /**
   * What the first question brought, or `pending` when that takes longer than the deadline. A lasting problem should end the start; after
   * any other the source goes on asking.
   */
  firstAnswer(deadlineMs: number): Promise<Discovered | 'pending'>;
}

interface Had {
  readonly provider: OidcProvider;
  readonly metadata: ProviderMetadata;
  readonly askedAt: number;
}

export function createProviderSource(config: OidcConfig, edges: ProviderSourceEdges): DiscoveringSource {
  const { fetch, onProblem, monotonicMs = () => performance.now() } = edges;
  const closing = new AbortController();
  let had: Had | undefined;
  let underWay: Promise<Discovered> | undefined;
  let told: readonly string[] = [];

  // A provider that stays away for days is one sentence in the log, and one that goes away again another.
  function tell(sentences: readonly string[]): void {
    if (closing.signal.aborted) return;
    for (const sentence of sentences) if (!told.includes(sentence)) onProblem(sentence);
    told = sentences;
  }

  // At most one question at a time: whoever comes meanwhile waits for the same answer.
  function askOnce(): Promise<Discovered> {
    underWay ??= discover(config, fetch, closing.signal)
      .then((found) => {
        take(found);
        return found;
      })
      .finally(() => {
        underWay = undefined;
      });
    return underWay;
  }

  function take(found: Discovered): void {
    const askedAt = monotonicMs();
    if (!found.ok) {
      tell([`The ${describeProblem(config.issuer, found)}`]);
      // What was had stays good; it is asked again after the longest pause, not by every request.
      if (had !== undefined) had = { ...had, askedAt: askedAt - METADATA_MAX_AGE_MS + DISCOVERY_LONGEST_PAUSE_MS };
      return;
    }
    const { metadata } = found;
    tell(warningsOf(config, metadata));
    const isSame = had !== undefined && JSON.stringify(had.metadata) === JSON.stringify(metadata);
    const provider =
      had !== undefined && isSame ? had.provider : createOidcProvider(config, metadata, fetch, monotonicMs);
    had = { provider, metadata, askedAt };
  }

  async function askUntilHad(): Promise<void> {
    let pauseMs = DISCOVERY_FIRST_PAUSE_MS;
    for (;;) {
      await askOnce();
      if (had !== undefined || closing.signal.aborted) return;
      // Rejects when the source is closed, which ends the asking.
      await wait(pauseMs, undefined, { signal: closing.signal, ref: false });
      pauseMs = Math.min(pauseMs * 2, DISCOVERY_LONGEST_PAUSE_MS);
    }
  }

  const first = askOnce();
  const background = askUntilHad().catch((error: unknown) => {
    if (!closing.signal.aborted) throw error;
  });

  return {
    get initialised() {
      return had !== undefined;
    },
    get: async () => {
      if (had !== undefined) {
        // Nobody waits for this one: what is known is good until something else is.
        if (monotonicMs() - had.askedAt >= METADATA_MAX_AGE_MS) void askOnce();
        return accept(had.provider);
      }
      const found = await askOnce();
      return toResult(had, found);
    },
    firstAnswer: async (deadlineMs) => {
      const deadline = new AbortController();
      const late = wait(deadlineMs, 'pending' as const, { signal: deadline.signal }).catch(() => 'pending' as const);
      const answer = await Promise.race([first, late]);
      deadline.abort();
      return answer;
    },
    close: async () => {
      closing.abort();
      await background;
      await underWay;
    },
  };
}

function toResult(had: Had | undefined, found: Discovered): Result<OidcProvider> {
  if (had !== undefined) return accept(had.provider);
  return refuse({ reason: 'provider_unreachable', error: found.ok ? 'UNKNOWN' : found.error });
}
