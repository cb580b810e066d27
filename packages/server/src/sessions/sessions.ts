/** Owns the life of a session between ticket and store: begun, found, ended. The store never holds what opens a record. */
import { createHash, randomBytes } from 'node:crypto';
import {
  accept,
  type ClusterName,
  type EpochSeconds,
  formatTicket,
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
} from '@lamplighter/auth-core';
import { seal, unseal } from './sealing.ts';
import type { SessionStore } from './store.ts';

/** What a sign-in brings; the limits are added here. */
export type NewSession = Pick<
  SessionRecord,
  'method' | 'cluster' | 'bearer' | 'person' | 'identity' | 'tokenExpiresAt'
>;

export interface FoundSession {
  readonly id: SessionId;
  readonly live: LiveSession;
}

export interface Sessions {
  /**
   * Always under a new id, so an id somebody planted before the sign-in is worth nothing (session fixation).
   * @param replaces - the sessions this browser held for that cluster; they end.
   * @returns the ticket, for the browser only.
   */
  begin(
    session: NewSession,
    replaces: readonly SessionId[],
  ): Promise<{ readonly ticket: string; readonly record: SessionRecord }>;
  /** A session that is no longer live is deleted as it is found. */
  find(ticket: string, cluster: ClusterName): Promise<Result<FoundSession>>;
  end(id: SessionId): Promise<void>;
}

export interface SessionLimits {
  readonly ttlSeconds: number;
}

export function createSessions(store: SessionStore, limits: SessionLimits, now: () => EpochSeconds): Sessions {
  const end = (id: SessionId): Promise<void> => store.delete(storeKey(id));
  return {
    begin: async (session, replaces) => {
      const createdAt = now();
      const expiresAt = createdAt + limits.ttlSeconds;
      const record: SessionRecord = {
        version: 1,
        ...session,
        createdAt,
        usedAt: createdAt,
        expiresAt,
        idleTtlSeconds: null,
      };
      const ticket = makeTicket(randomBytes(SESSION_ID_BYTES + SESSION_KEY_BYTES));
      const sealed = seal(ticket.key, Buffer.from(JSON.stringify(record)), purpose(ticket.id));
      await store.put({ key: storeKey(ticket.id), createdAt, expiresAt, sealed });
      for (const id of replaces) await end(id);
      return { ticket: formatTicket(ticket), record };
    },
    find: async (text, cluster) => {
      const ticket = parseTicket(text);
      const stored = ticket && (await store.get(storeKey(ticket.id)));
      const plain = ticket && stored && unseal(ticket.key, stored.sealed, purpose(ticket.id));
      if (ticket === undefined || plain === undefined) return refuse({ reason: 'session_unknown' });
      // Only `begin` makes what opens here: the tag proves it, and the version is part of it.
      const record = JSON.parse(plain.toString('utf8')) as SessionRecord;
      // Attack: a ticket for one cluster presented as another's would send its bearer there.
      if (record.version !== 1 || record.cluster !== cluster) return refuse({ reason: 'session_unknown' });
      const judged = judgeSession(record, now());
      if (judged.ok) return accept({ id: ticket.id, live: judged.value });
      await end(ticket.id);
      return judged;
    },
    end,
  };
}

// A leaked store must not even say which ids are live.
function storeKey(id: SessionId): Buffer {
  return createHash('sha256').update(id).digest();
}

// Binds a record to its row: rows swapped inside the store no longer open.
function purpose(id: SessionId): string {
  return `lamplighter session ${id}`;
}
