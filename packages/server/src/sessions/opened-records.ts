/**
 * Owns which records were opened just now, so that each request of a session in use need not decrypt its record anew. Never an answer
 * by itself: it wants the row's bytes as the store has them at this moment and the key of the ticket that was shown. What it costs: the
 * bearers and refresh tokens of sessions in use stay in this process' memory for up to a minute after their last request.
 */
import { timingSafeEqual } from 'node:crypto';
import type { SessionId, SessionRecord } from '@lamplighter/auth-core';
import { OPENED_RECORD_IDLE_MS, OPENED_RECORDS_MAX } from '../constants.ts';
import { openRecord } from './sealed-record.ts';

export interface OpenedRecords {
  /** As `openRecord`; frozen, because the next request may be given the same one. */
  open(id: SessionId, ticketKey: Uint8Array, sealed: Uint8Array): SessionRecord | undefined;
  forget(id: SessionId): void;
  /** How many are kept. */
  readonly count: number;
}

interface Entry {
  readonly ticketKey: Uint8Array;
  readonly sealed: Uint8Array;
  readonly record: SessionRecord;
  /** On the clock of `performance.now()`. */
  readonly usedAtMs: number;
}

export function createOpenedRecords(): OpenedRecords {
  // In the order of their last use.
  const entries = new Map<SessionId, Entry>();
  let isSweepDue = false;

  const sweepWhenDue = (): void => {
    const [oldest] = entries.values();
    if (isSweepDue || oldest === undefined) return;
    isSweepDue = true;
    const pauseMs = oldest.usedAtMs + OPENED_RECORD_IDLE_MS - performance.now();
    setTimeout(sweep, Math.max(1, Math.ceil(pauseMs))).unref();
  };
  const sweep = (): void => {
    isSweepDue = false;
    const before = performance.now() - OPENED_RECORD_IDLE_MS;
    for (const [id, { usedAtMs }] of entries) {
      if (usedAtMs > before) break;
      entries.delete(id);
    }
    sweepWhenDue();
  };
  const keep = (id: SessionId, entry: Omit<Entry, 'usedAtMs'>): SessionRecord => {
    entries.delete(id);
    entries.set(id, { ...entry, usedAtMs: performance.now() });
    const [oldest] = entries.keys();
    if (entries.size > OPENED_RECORDS_MAX && oldest !== undefined) entries.delete(oldest);
    sweepWhenDue();
    return entry.record;
  };

  return {
    open: (id, ticketKey, sealed) => {
      const known = entries.get(id);
      if (known !== undefined && isSame(known, ticketKey, sealed)) return keep(id, known);
      const record = openRecord(id, ticketKey, sealed);
      // A key that opens nothing drops nothing: it may be anybody's who saw the id.
      if (record === undefined) return undefined;
      // Copies: what a store or a parser hands out may be a corner of a much larger buffer.
      return keep(id, {
        ticketKey: new Uint8Array(ticketKey),
        sealed: new Uint8Array(sealed),
        record: freezeAll(record),
      });
    },
    forget: (id) => void entries.delete(id),
    get count() {
      return entries.size;
    },
  };
}

/** Attack: the id alone, with any key, must get nobody what the right key opened; nor may the time this takes tell the key. */
function isSame(known: Entry, ticketKey: Uint8Array, sealed: Uint8Array): boolean {
  return (
    known.ticketKey.length === ticketKey.length &&
    timingSafeEqual(known.ticketKey, ticketKey) &&
    Buffer.compare(known.sealed, sealed) === 0
  );
}

function freezeAll<Value extends object>(value: Value): Value {
  for (const inner of Object.values(value)) if (typeof inner === 'object' && inner !== null) freezeAll(inner);
  return Object.freeze(value);
}
