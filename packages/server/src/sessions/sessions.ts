/** Owns the life of a session between ticket and store: begun, found, used, listed, ended. The store never holds what opens a record. */
import { randomBytes } from 'node:crypto';
import {
  accept,
  type ClusterName,
  decodeBase64url,
  type EpochSeconds,
  encodeBase64url,
  formatTicket,
  type Issuer,
  judgeSession,
  type LiveSession,
  makeTicket,
  parseTicket,
  type Result,
  refuse,
  SESSION_ID_BYTES,
  SESSION_KEY_BYTES,
  type SessionId,
  type SessionRecord,
  TOUCH_INTERVAL_MAX_SECONDS,
  TOUCH_INTERVAL_SHARE,
} from '@lamplighter/auth-core';
import { createOpenedRecords } from './opened-records.ts';
import { createPersonHashes, type HashKeys, type PersonKey, personOf } from './person-hash.ts';
import { sealRecord, storeKey } from './sealed-record.ts';
import { type SessionEntry, type SessionStore, StoreUnavailable } from './store.ts';

/** What a sign-in brings; the limits are added here. */
export type NewSession = Pick<
  SessionRecord,
  'method' | 'cluster' | 'bearer' | 'person' | 'identity' | 'tokenExpiresAt' | 'grant'
>;

/** A session whose ticket somebody showed. */
export interface FoundSession {
  readonly id: SessionId;
  readonly ticketKey: Uint8Array;
  readonly live: LiveSession;
}

/** A session as its store knows it. */
export interface ListedSession extends SessionEntry {
  /** Names it to whoever may end it; good for nothing else. */
  readonly handle: string;
}

export interface OwnSession extends ListedSession {
  /** Whether it is the one that asks. */
  readonly current: boolean;
}

/** Every method rejects with `StoreUnavailable` when the store cannot be asked. */
export interface Sessions {
  /**
   * Always under a new id, so an id somebody planted before the sign-in is worth nothing (session fixation).
   * @param replaces - the sessions this browser held for that cluster; they end.
   * @returns the ticket, for the browser only, and the id in it.
   */
  begin(
    session: NewSession,
    replaces: readonly SessionId[],
  ): Promise<{ readonly ticket: string; readonly id: SessionId; readonly record: SessionRecord }>;
  /** Judges only: nothing is renewed and nothing counts as activity. A session that is over is deleted as it is found. */
  find(ticket: string, cluster: ClusterName): Promise<Result<FoundSession>>;
  /** The same session as it is now. */
  findAgain(found: FoundSession): Promise<Result<FoundSession>>;
  /** Counts as activity; written at most once per touch interval. A store that does not answer is passed over: the request goes on. */
  touch(found: FoundSession): Promise<void>;
  /** Puts another record in its place. Undefined when it has ended meanwhile. */
  reseal(found: FoundSession, record: SessionRecord): Promise<FoundSession | undefined>;
  /** False when there was none. */
  end(id: SessionId): Promise<boolean>;
  /** Every session of whoever asks, the newest first. */
  listOwn(found: FoundSession): Promise<readonly OwnSession[]>;
  /** Ends a session of the same person; false for any other handle. */
  endOwn(found: FoundSession, handle: string): Promise<boolean>;
  /** Ends all of that person's sessions but the one that asks. */
  endOthers(found: FoundSession): Promise<number>;
  endProviderSession(issuer: Issuer, providerSession: string): Promise<number>;
  endPerson(who: PersonKey): Promise<number>;
  endAll(): Promise<number>;
  listPerson(who: PersonKey): Promise<readonly ListedSession[]>;
  listAll(): Promise<readonly ListedSession[]>;
}

export interface SessionLimits {
  readonly ttlSeconds: number;
  /** Null: a session may lie unused as long as it lives. */
  readonly idleTtlSeconds: number | null;
}

export interface SessionsDeps {
  readonly store: SessionStore;
  readonly limits: SessionLimits;
  /** Of the key file. With other keys a session is still found by its ticket, but no longer by its person. */
  readonly keys: HashKeys;
  readonly now: () => EpochSeconds;
}

export function createSessions({ store, limits, keys, now }: SessionsDeps): Sessions {
  const hashes = createPersonHashes(keys);
  const touching = new Set<SessionId>();
  const opened = createOpenedRecords();
  const end = (id: SessionId): Promise<boolean> => {
    opened.forget(id);
    return store.delete(storeKey(id));
  };

  const open = async (id: SessionId, ticketKey: Uint8Array, cluster: ClusterName): Promise<Result<FoundSession>> => {
    // Asked for each request: a session that ended anywhere is over for the next one.
    const stored = await store.get(storeKey(id));
    if (stored === undefined) {
      opened.forget(id);
      return refuse({ reason: 'session_unknown' });
    }
    const record = opened.open(id, ticketKey, stored.sealed);
    // Attack: a ticket for one cluster presented as another's would send its bearer there.
    if (record?.cluster !== cluster) return refuse({ reason: 'session_unknown' });
    const judged = judgeSession(record, stored.usedAt, now());
    if (judged.ok) return accept({ id, ticketKey, live: judged.value });
    await end(id);
    return judged;
  };

  const listOwn = async (found: FoundSession): Promise<readonly OwnSession[]> => {
    const key = storeKey(found.id);
    const made = hashes.person(personOf(found.live.record));
    // Also under the row's own hash: without a key file, sessions begun before a restart carry hashes no key of ours makes any more.
    const entries = await store.list({ by: 'same_person', key, hashes: made });
    return entries.map((entry) => ({ ...list(entry), current: key.equals(entry.key) }));
  };

  return {
    begin: async (session, replaces) => {
      const createdAt = now();
      const record: SessionRecord = {
        version: 2,
        ...session,
        bearerSince: createdAt,
        createdAt,
        expiresAt: createdAt + limits.ttlSeconds,
        idleTtlSeconds: limits.idleTtlSeconds,
      };
      const { expiresAt, identity, grant } = record;
      const ticket = makeTicket(randomBytes(SESSION_ID_BYTES + SESSION_KEY_BYTES));
      const sid = grant?.providerSession ?? null;
      await store.put({
        key: storeKey(ticket.id),
        createdAt,
        usedAt: createdAt,
        expiresAt,
        person: hashes.person(personOf(record))[0],
        providerSession: identity === null || sid === null ? null : hashes.providerSession(identity.issuer, sid)[0],
        sealed: sealRecord(ticket.id, ticket.key, record),
      });
      for (const id of replaces) await end(id);
      return { ticket: formatTicket(ticket), id: ticket.id, record };
    },
    find: async (text, cluster) => {
      const ticket = parseTicket(text);
      return ticket === undefined ? refuse({ reason: 'session_unknown' }) : open(ticket.id, ticket.key, cluster);
    },
    findAgain: ({ id, ticketKey, live }) => open(id, ticketKey, live.record.cluster),
    touch: async ({ id, live }) => {
      const usedAt = now();
      if (usedAt - live.usedAt < touchInterval(live.record) || touching.has(id)) return;
      touching.add(id);
      try {
        await store.touch(storeKey(id), usedAt);
      } catch (error) {
        if (!(error instanceof StoreUnavailable)) throw error;
      } finally {
        touching.delete(id);
      }
    },
    reseal: async ({ id, ticketKey, live: { usedAt, idleExpiresAt } }, record) => {
      if (!(await store.reseal(storeKey(id), sealRecord(id, ticketKey, record)))) return undefined;
      return { id, ticketKey, live: { record, usedAt, idleExpiresAt } };
    },
    end,
    listOwn,
    endOwn: async (found, handle) => {
      const own = (await listOwn(found)).some((entry) => entry.handle === handle);
      const key = own ? decodeBase64url(handle) : undefined;
      return key !== undefined && store.delete(key);
    },
    endOthers: async (found) => {
      const others = (await listOwn(found)).filter(({ current }) => !current);
      const ended = await Promise.all(others.map(({ key }) => store.delete(key)));
      return ended.filter(Boolean).length;
    },
    endProviderSession: (issuer, sid) =>
      store.deleteWhere({ by: 'provider_session', hashes: hashes.providerSession(issuer, sid) }),
    endPerson: (who) => store.deleteWhere({ by: 'person', hashes: hashes.person(who) }),
    endAll: () => store.deleteWhere({ by: 'everyone' }),
    listPerson: async (who) => (await store.list({ by: 'person', hashes: hashes.person(who) })).map(list),
    listAll: async () => (await store.list({ by: 'everyone' })).map(list),
  };
}

function list(entry: SessionEntry): ListedSession {
  return { ...entry, handle: encodeBase64url(entry.key) };
}

/** In whole seconds, as the clock is; at least one. */
function touchInterval({ idleTtlSeconds }: SessionRecord): number {
  if (idleTtlSeconds === null) return TOUCH_INTERVAL_MAX_SECONDS;
  return Math.max(1, Math.min(TOUCH_INTERVAL_MAX_SECONDS, Math.floor(idleTtlSeconds * TOUCH_INTERVAL_SHARE)));
}
