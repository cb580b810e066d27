/**
 * Owns that nothing streams on for a session that is over: signed out here or by another server, past a limit, or no longer known to its
 * cluster. It decides no session's end, and an open stream is no activity.
 */
import { type EpochSeconds, judgeSession, type SessionId } from '@lamplighter/auth-core';
import type { RunningExchange } from '@lamplighter/proxy';
import type { Cluster } from '../clusters/registry.ts';
import { STREAM_POLL_MS, STREAM_REVIEW_MS, STREAM_REVIEWS_MAX } from '../constants.ts';
import type { EventLog } from '../log.ts';
import { storeKey } from '../sessions/sealed-record.ts';
import type { FoundSession } from '../sessions/sessions.ts';
import { type SessionStore, StoreUnavailable } from '../sessions/store.ts';
import type { ClusterDoubts } from './cluster-doubts.ts';
import type { ReviewSession } from './review-session.ts';

export interface OpenStreams {
  /** Ends it with its session. Costs an entry in a set, which goes when the exchange ends. */
  track(found: FoundSession, cluster: Cluster, running: RunningExchange): void;
  /** Looks after nothing any more; ends nothing. */
  close(): Promise<void>;
}

export interface OpenStreamsDeps {
  readonly store: Pick<SessionStore, 'present'>;
  readonly review: ReviewSession;
  readonly doubts: Pick<ClusterDoubts, 'refused'>;
  readonly now: () => EpochSeconds;
  readonly log: Pick<EventLog, 'failure'>;
  /** Default: `STREAM_POLL_MS`. */
  readonly pollMs?: number;
  /** Default: `STREAM_REVIEW_MS`. */
  readonly reviewMs?: number;
}

/** A session and what runs for it. */
interface Streaming {
  found: FoundSession;
  readonly cluster: Cluster;
  readonly running: Set<RunningExchange>;
  /** Made when it is first needed: most exchanges end before. */
  key: Buffer | null;
  /** By `performance.now()`; null while a review is under way. */
  reviewAt: number | null;
}

export function createOpenStreams(deps: OpenStreamsDeps): OpenStreams {
  const { now, log, pollMs = STREAM_POLL_MS, reviewMs = STREAM_REVIEW_MS } = deps;
  const open = new Map<SessionId, Streaming>();
  let timer: NodeJS.Timeout | null = null;
  let asking = false;
  let reviews = 0;
  let closed = false;

  // Runs by itself as long as anything is tracked, and asks for nothing otherwise.
  const schedule = (): void => {
    timer = setTimeout(poll, pollMs).unref();
  };

  const poll = (): void => {
    timer = null;
    if (open.size === 0 || closed) return;
    schedule();
    const sessions = [...open.values()];
    endPastLimits(sessions, now());
    askForReviews(sessions);
    // A store that takes longer than the interval is not asked twice at once.
    if (asking) return;
    asking = true;
    void endGone(sessions, deps)
      .catch((error: unknown) => log.failure(error))
      .finally(() => {
        asking = false;
      });
  };

  const askForReviews = (sessions: readonly Streaming[]): void => {
    const moment = performance.now();
    for (const session of sessions) {
      if (reviews >= STREAM_REVIEWS_MAX) return;
      if (session.reviewAt === null || session.reviewAt > moment) continue;
      reviews++;
      session.reviewAt = null;
      void reviewStreams(session, deps)
        .catch((error: unknown) => log.failure(error))
        .finally(() => {
          reviews--;
          session.reviewAt = performance.now() + reviewMs;
        });
    }
  };

  return {
    track: (found, cluster, running) => {
      if (closed || running.ended) return;
      const { id } = found;
      const session = open.get(id) ?? {
        found,
        cluster,
        running: new Set(),
        key: null,
        reviewAt: performance.now() + reviewMs,
      };
      session.found = found;
      session.running.add(running);
      open.set(id, session);
      running.onEnd(() => {
        session.running.delete(running);
        if (session.running.size === 0 && open.get(id) === session) open.delete(id);
      });
      if (timer === null) schedule();
    },
    close: async () => {
      closed = true;
      if (timer !== null) clearTimeout(timer);
      open.clear();
    },
  };
}

/** What can be told without the store, so that no session outlives its absolute limit because the store is away. */
function endPastLimits(sessions: readonly Streaming[], now: EpochSeconds): void {
  for (const { found, running } of sessions) if (!judgeSession(found.live.record, now, now).ok) endAll(running);
}

/** Ends what runs for sessions the store does not have any more, or has seen unused for too long. One question for all of them. */
async function endGone(sessions: readonly Streaming[], { store, now }: OpenStreamsDeps): Promise<void> {
  const keys = sessions.map((session) => {
    session.key ??= storeKey(session.found.id);
    return session.key;
  });
  const present = await askStore(store, keys);
  if (present === null) return;
  const usedAt = new Map(present.map((entry) => [Buffer.from(entry.key).toString('latin1'), entry.usedAt]));
  for (const { key, found, running } of sessions) {
    const used = usedAt.get(key?.toString('latin1') ?? '');
    if (used === undefined || !judgeSession(found.live.record, used, now()).ok) endAll(running);
  }
}

/** Null when the store cannot be asked: nobody is signed out by that, and the next turn asks again. */
async function askStore(
  store: OpenStreamsDeps['store'],
  keys: readonly Uint8Array[],
): Promise<Awaited<ReturnType<SessionStore['present']>> | null> {
  try {
    return await store.present(keys);
  } catch (error) {
    if (error instanceof StoreUnavailable) return null;
    throw error;
  }
}

/** An API server goes on with a watch it has once granted, though the account was deleted since. */
async function reviewStreams(
  { found, cluster, running }: Streaming,
  { review, doubts }: OpenStreamsDeps,
): Promise<void> {
  // What begins during the review was granted, or not, by the cluster itself.
  const before = [...running];
  const verdict = await review(found, cluster);
  if (verdict === 'known' || verdict === 'unanswered') return;
  if (verdict === 'refused') doubts.refused(found, cluster);
  endAll(before);
}

function endAll(running: Iterable<RunningExchange>): void {
  for (const exchange of [...running]) exchange.end();
}
