import { randomBytes } from 'node:crypto';
import { makeTicket, type SessionRecord } from '@lamplighter/auth-core';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { OPENED_RECORD_IDLE_MS, OPENED_RECORDS_MAX } from '../constants.ts';
import { createOpenedRecords } from './opened-records.ts';
import { sealRecord } from './sealed-record.ts';
import { ada, NOW } from './sessions.fixture.ts';

const limits = { bearerSince: NOW, createdAt: NOW, expiresAt: NOW + 3_600, idleTtlSeconds: null };
const record: SessionRecord = { version: 2, ...ada, ...limits };

function sealedFor(ticket = makeTicket(randomBytes(48)), content = record) {
  return { ...ticket, sealed: sealRecord(ticket.id, ticket.key, content) };
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('another key with the right id is refused right after the right key opened it, and drops nothing', () => {
  const opened = createOpenedRecords();
  const { id, key, sealed } = sealedFor();
  const first = opened.open(id, key, sealed);
  expect(first).toEqual(record);
  const nearly = Uint8Array.from(key, (byte, at) => (at === 31 ? byte ^ 1 : byte));
  for (const wrong of [randomBytes(32), nearly]) expect(opened.open(id, wrong, sealed)).toBeUndefined();
  expect(opened.open(id, key, sealed)).toBe(first);
});

test('the right key with bytes of another row, or with one bit turned, is refused although it was just opened', () => {
  const opened = createOpenedRecords();
  const [ours, theirs] = [sealedFor(), sealedFor()];
  opened.open(ours.id, ours.key, ours.sealed);
  expect(opened.open(ours.id, ours.key, theirs.sealed)).toBeUndefined();
  const turned = Uint8Array.from(ours.sealed, (byte, at) => (at === 20 ? byte ^ 1 : byte));
  expect(opened.open(ours.id, ours.key, turned)).toBeUndefined();
});

test('a resealed record is opened anew, never answered from before', () => {
  const opened = createOpenedRecords();
  const first = sealedFor();
  opened.open(first.id, first.key, first.sealed);
  const resealed = sealedFor({ id: first.id, key: first.key }, { ...record, bearer: 'bearer-2' });
  expect(opened.open(first.id, first.key, resealed.sealed)?.bearer).toBe('bearer-2');
  expect(opened.open(first.id, first.key, first.sealed)?.bearer).toBe('bearer-1');
});

test('however many sessions are used, no more than the bound are kept, the last used ones', () => {
  const opened = createOpenedRecords();
  const used = Array.from({ length: OPENED_RECORDS_MAX }, () => sealedFor());
  const records = used.map(({ id, key, sealed }) => opened.open(id, key, sealed));
  const [first, second] = used;
  if (first === undefined || second === undefined) throw new Error('the bound is more than two');
  expect(opened.open(first.id, first.key, first.sealed)).toBe(records[0]);
  const next = sealedFor();
  opened.open(next.id, next.key, next.sealed);
  expect(opened.count).toBe(OPENED_RECORDS_MAX);
  expect(opened.open(first.id, first.key, first.sealed)).toBe(records[0]);
  const again = opened.open(second.id, second.key, second.sealed);
  expect(again).toEqual(records[1]);
  expect(again).not.toBe(records[1]);
});

test('a bearer leaves memory a minute after its last use, without anybody asking, and not before', () => {
  const opened = createOpenedRecords();
  const [busy, idle] = [sealedFor(), sealedFor()];
  opened.open(idle.id, idle.key, idle.sealed);
  opened.open(busy.id, busy.key, busy.sealed);
  vi.advanceTimersByTime(OPENED_RECORD_IDLE_MS / 2);
  opened.open(busy.id, busy.key, busy.sealed);
  expect(opened.count).toBe(2);
  vi.advanceTimersByTime(OPENED_RECORD_IDLE_MS / 2 + 1);
  expect(opened.count).toBe(1);
  vi.advanceTimersByTime(OPENED_RECORD_IDLE_MS / 2 + 1);
  expect(opened.count).toBe(0);
  expect(vi.getTimerCount()).toBe(0);
});

test('an ended session is forgotten, and whoever holds a record cannot change the next request’s', () => {
  const opened = createOpenedRecords();
  const { id, key, sealed } = sealedFor();
  const first = opened.open(id, key, sealed);
  expect(Reflect.set(first ?? {}, 'bearer', 'mine')).toBe(false);
  expect(Reflect.set(first?.person.groups ?? [], 0, 'admins')).toBe(false);
  opened.forget(id);
  expect(opened.count).toBe(0);
});
