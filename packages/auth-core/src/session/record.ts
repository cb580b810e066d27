/** Owns what a session is: the record a store keeps sealed, and the moments at which it ends. */
import type { ClusterName, EpochSeconds, Issuer } from '../brands.ts';
import type { Person } from '../identity/person.ts';
import { accept, type Result, refuse } from '../result.ts';

export type SignInMethod = 'token' | 'oidc';

/** The version is part of what is sealed, so a later shape is never mistaken for this one. */
export interface SessionRecord {
  readonly version: 2;
  readonly method: SignInMethod;
  /** A session holds for one cluster: its bearer is never sent to another. */
  readonly cluster: ClusterName;
  /** What the API server is sent. */
  readonly bearer: string;
  /** When the bearer was had; with its end, this is how long it lives. */
  readonly bearerSince: EpochSeconds;
  /** When the cluster stops accepting the bearer; null for a token that names no end. */
  readonly tokenExpiresAt: EpochSeconds | null;
  readonly person: Person;
  /** (issuer, subject) is the person; null where a pasted token was accepted by the cluster alone. */
  readonly identity: { readonly issuer: Issuer; readonly subject: string } | null;
  /** What the provider gave beside the bearer; null for a pasted token. */
  readonly grant: ProviderGrant | null;
  readonly createdAt: EpochSeconds;
  readonly expiresAt: EpochSeconds;
  /** How long a session may lie unused; null when it may as long as it lives. */
  readonly idleTtlSeconds: number | null;
}

/** What a provider gave with a sign-in, for renewing the bearer and for signing out there. */
export interface ProviderGrant {
  /** Null when there is none, or when using it again could not help. */
  readonly refreshToken: string | null;
  /** The last ID token that was verified: it tells the provider whom a logout is about. */
  readonly idToken: string;
  /** OpenID Connect Core 1.0, section 12.2: a renewed ID token that carries a nonce must carry this one. */
  readonly nonce: string;
  /** The provider's own session (`sid`), for a logout that comes from there. */
  readonly providerSession: string | null;
  /** Renewals that failed one after another, and the moment before which none is tried again. */
  readonly failures: number;
  readonly retryAt: EpochSeconds;
}

/** Proof that a record was live at the moment it was judged. */
export interface LiveSession {
  readonly record: SessionRecord;
  readonly usedAt: EpochSeconds;
  readonly idleExpiresAt: EpochSeconds | null;
}

/**
 * The earliest limit that has passed names the reason, so people hear why, not merely that. A bearer that can be renewed ends no
 * session: session/renewal.ts says what becomes of it.
 * @param usedAt - the last activity, which the store keeps beside the record.
 */
export function judgeSession(record: SessionRecord, usedAt: EpochSeconds, now: EpochSeconds): Result<LiveSession> {
  const idleExpiresAt = record.idleTtlSeconds === null ? null : usedAt + record.idleTtlSeconds;
  const ends = [
    { reason: 'session_expired', expiredAt: record.expiresAt },
    { reason: 'token_expired', expiredAt: isRenewable(record) ? null : record.tokenExpiresAt },
    { reason: 'session_idle', expiredAt: idleExpiresAt },
  ] as const;
  let first: { readonly reason: (typeof ends)[number]['reason']; readonly expiredAt: EpochSeconds } | undefined;
  for (const { reason, expiredAt } of ends) {
    if (expiredAt === null || expiredAt > now) continue;
    if (first === undefined || expiredAt < first.expiredAt) first = { reason, expiredAt };
  }
  return first === undefined ? accept({ record, usedAt, idleExpiresAt }) : refuse(first);
}

export function isRenewable({ grant }: SessionRecord): boolean {
  return grant !== null && grant.refreshToken !== null;
}
