/** Asks a session's cluster whether it still knows the bearer the session holds by now. It ends nothing. */
import type { EpochSeconds, Result } from '@lamplighter/auth-core';
import type { Cluster } from '../clusters/registry.ts';
import { reviewBearer } from '../clusters/self-review.ts';
import type { Refresher } from '../sessions/refresher.ts';
import type { FoundSession, Sessions } from '../sessions/sessions.ts';
import { StoreUnavailable } from '../sessions/store.ts';

/** `over`: the session has ended. `refused`: the cluster answered 401. `unanswered`: nobody who could tell did. */
export type SessionVerdict = 'known' | 'refused' | 'over' | 'unanswered';

/** Neither activity nor a sign-in. */
export type ReviewSession = (found: FoundSession, cluster: Pick<Cluster, 'connection'>) => Promise<SessionVerdict>;

export interface ReviewSessionDeps {
  readonly sessions: Pick<Sessions, 'findAgain'>;
  readonly refresher: Pick<Refresher, 'freshen'>;
  readonly now: () => EpochSeconds;
}

export function createSessionReview({ sessions, refresher, now }: ReviewSessionDeps): ReviewSession {
  // The request that brought the session may be hours old: its bearer has been renewed since, or is due now.
  const findFresh = async (found: FoundSession): Promise<Result<FoundSession>> => {
    const again = await sessions.findAgain(found);
    return again.ok ? refresher.freshen(again.value) : again;
  };
  return async (found, { connection }) => {
    try {
      const fresh = await findFresh(found);
      if (!fresh.ok) return 'over';
      const review = await reviewBearer(connection, fresh.value.live.record.bearer, now());
      if (review.ok) return 'known';
      return review.refusal.reason === 'token_refused' ? 'refused' : 'unanswered';
    } catch (error) {
      if (error instanceof StoreUnavailable) return 'unanswered';
      throw error;
    }
  };
}
