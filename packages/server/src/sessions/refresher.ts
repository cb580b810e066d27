/**
 * Owns that a session's bearer is renewed once, however many requests and servers need it at the same moment. Whoever comes meanwhile
 * waits and gets the new one; a bearer that has ended is never handed out.
 */
import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import {
  accept,
  type EpochSeconds,
  encodeBase64url,
  judgeRenewal,
  type Result,
  refuse,
  type SessionId,
} from '@lamplighter/auth-core';
import {
  REFRESH_CLOSE_GRACE_MS,
  REFRESH_LEASE_SECONDS,
  REFRESH_WAIT_MAX_MS,
  REFRESH_WAIT_STEP_MS,
} from '../constants.ts';
import type { ProviderSource } from '../oidc/provider.ts';
import { judgeBearer, type RenewalDeps, renewSession } from './renew-session.ts';
import { storeKey } from './sealed-record.ts';
import type { FoundSession } from './sessions.ts';
import { type SessionStore, StoreUnavailable } from './store.ts';

export interface Refresher {
  /**
   * The session with a bearer that is good now. Refuses when there is none any more; the session has ended then, except where another
   * server took longer to renew it than anybody waits. Rejects with `StoreUnavailable`.
   */
  freshen(found: FoundSession): Promise<Result<FoundSession>>;
  /** Waits for what is under way, whose answers would be lost with the store, and no longer than `REFRESH_CLOSE_GRACE_MS`. */
  close(): Promise<void>;
}

export interface RefresherDeps extends RenewalDeps {
  readonly store: Pick<SessionStore, 'lock' | 'unlock'>;
  /** Null: this server has no provider, though a session may be of a time when it had. */
  readonly provider: ProviderSource | null;
  /** Default: `REFRESH_WAIT_MAX_MS`. */
  readonly waitMaxMs?: number;
}

export function createRefresher(deps: RefresherDeps): Refresher {
  const { provider, now } = deps;
  const underWay = new Map<SessionId, Promise<Result<FoundSession>>>();

  const renewOnce = async (found: FoundSession): Promise<Result<FoundSession>> => {
    const { record } = found.live;
    if (provider === null) return withBearer(found, now());
    try {
      return await renewAmongServers(found, provider, deps);
    } catch (error) {
      // The bearer is good as long as it lasts; the next request tries again.
      if (error instanceof StoreUnavailable && judgeBearer(record, now()) === null) return accept(found);
      throw error;
    }
  };

  return {
    freshen: (found) => {
      if (judgeRenewal(found.live.record, now()) === 'none') return Promise.resolve(accept(found));
      const other = underWay.get(found.id);
      if (other !== undefined) return other;
      const own = renewOnce(found).finally(() => underWay.delete(found.id));
      underWay.set(found.id, own);
      return own;
    },
    close: async () => {
      const enough = new AbortController();
      const grace = wait(REFRESH_CLOSE_GRACE_MS, undefined, { signal: enough.signal }).catch(() => undefined);
      await Promise.race([Promise.allSettled(underWay.values()), grace]);
      enough.abort();
    },
  };
}

/** The name servers agree on before one of them renews this session. */
export function renewalLock(id: SessionId): string {
  return `refresh ${encodeBase64url(storeKey(id))}`;
}

async function renewAmongServers(
  found: FoundSession,
  provider: ProviderSource,
  deps: RefresherDeps,
): Promise<Result<FoundSession>> {
  const [name, holder] = [renewalLock(found.id), randomUUID()];
  const until = performance.now() + (deps.waitMaxMs ?? REFRESH_WAIT_MAX_MS);
  while (!(await deps.store.lock(name, holder, REFRESH_LEASE_SECONDS))) {
    await wait(REFRESH_WAIT_STEP_MS);
    const again = await deps.sessions.findAgain(found);
    if (!again.ok) return again;
    if (judgeRenewal(again.value.live.record, deps.now()) === 'none') return again;
    if (performance.now() >= until) return withBearer(again.value, deps.now());
  }
  using _ = stayHolder(name, holder, deps.store);
  return await renewSession(found, provider, deps);
}

/** Until disposed; then the name is free. A holder that dies loses it when the lease is over. */
function stayHolder(name: string, holder: string, store: RefresherDeps['store']): Disposable {
  // What a store that is away does to the lock, it does to the session too, and that is where it is told.
  const stay = (): void => void store.lock(name, holder, REFRESH_LEASE_SECONDS).catch(() => undefined);
  const timer = setInterval(stay, (REFRESH_LEASE_SECONDS * 1_000) / 3);
  return {
    [Symbol.dispose]: () => {
      clearInterval(timer);
      void store.unlock(name, holder).catch(() => undefined);
    },
  };
}

function withBearer(found: FoundSession, now: EpochSeconds): Result<FoundSession> {
  const expired = judgeBearer(found.live.record, now);
  return expired === null ? accept(found) : refuse(expired);
}
