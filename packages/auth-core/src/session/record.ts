/** Owns what a session is: the record a store keeps sealed, and the moments at which it ends. */
import type { ClusterName, EpochSeconds, Issuer } from '../brands.ts';
import type { Person } from '../identity/person.ts';
import { accept, type Result, refuse } from '../result.ts';

export type SignInMethod = 'token' | 'oidc';

/** The version is part of what is sealed, so a later shape is never mistaken for this one. */
export interface SessionRecord {
  readonly version: 1;
  readonly method: SignInMethod;
  /** A session holds for one cluster: its bearer is never sent to another. */
  readonly cluster: ClusterName;
  /** What the API server is sent. */
  readonly bearer: string;
  readonly person: Person;
  /** (issuer, subject) is the person; null where a pasted token was accepted by the cluster alone. */
  readonly identity: { readonly issuer: Issuer; readonly subject: string } | null;
  readonly createdAt: EpochSeconds;
  readonly usedAt: EpochSeconds;
  readonly expiresAt: EpochSeconds;
  /** When the cluster stops accepting the bearer; null for a token that names no end. */
  readonly tokenExpiresAt: EpochSeconds | null;
  /** How long a session may lie unused; null when it may as long as it lives. */
  readonly idleTtlSeconds: number | null;
}

/** Proof that a record was live at the moment it was judged. */
export interface LiveSession {
  readonly record: SessionRecord;
  readonly idleExpiresAt: EpochSeconds | null;
}

/** The earliest limit that has passed names the reason, so people hear why, not merely that. */
export function judgeSession(record: SessionRecord, now: EpochSeconds): Result<LiveSession> {
  const idleExpiresAt = record.idleTtlSeconds === null ? null : record.usedAt + record.idleTtlSeconds;
  const ends = [
    { reason: 'session_expired', expiredAt: record.expiresAt },
    { reason: 'token_expired', expiredAt: record.tokenExpiresAt },
    { reason: 'session_idle', expiredAt: idleExpiresAt },
  ] as const;
  let first: { readonly reason: (typeof ends)[number]['reason']; readonly expiredAt: EpochSeconds } | undefined;
  for (const { reason, expiredAt } of ends) {
    if (expiredAt === null || expiredAt > now) continue;
    if (first === undefined || expiredAt < first.expiredAt) first = { reason, expiredAt };
  }
  return first === undefined ? accept({ record, idleExpiresAt }) : refuse(first);
}
