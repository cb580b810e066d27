/** Owns a session's record on its way into a row and out of it: bound to its ticket, and to the shape this version knows. */
import { hash } from 'node:crypto';
import type { SessionId, SessionRecord } from '@lamplighter/auth-core';
import { seal, unseal } from './sealing.ts';

/** A leaked store must not even say which ids are live: a row is found by SHA-256 of its id. */
export function storeKey(id: SessionId): Buffer {
  return hash('sha256', id, 'buffer');
}

/** @param key - the ticket's. */
export function sealRecord(id: SessionId, key: Uint8Array, record: SessionRecord): Buffer {
  return seal(key, Buffer.from(JSON.stringify(record)), purpose(id));
}

/** Undefined for another key, another row's bytes, or a record of another version. */
export function openRecord(id: SessionId, key: Uint8Array, sealed: Uint8Array): SessionRecord | undefined {
  const plain = unseal(key, sealed, purpose(id));
  if (plain === undefined) return undefined;
  // Only `sealRecord` makes what opens here: the tag proves it, and the version is part of what is sealed.
  const record = JSON.parse(plain.toString('utf8')) as SessionRecord;
  return record.version === 2 ? record : undefined;
}

// Binds a record to its row: rows swapped inside the store no longer open.
function purpose(id: SessionId): string {
  return `lamplighter session ${id}`;
}
