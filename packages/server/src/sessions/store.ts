/** The port to wherever sessions are kept. An adapter sees sealed bytes, hashes and times only, and says what it cannot promise. */
import type { EpochSeconds } from '@lamplighter/auth-core';

/** What a store knows of a session without its ticket. */
export interface SessionEntry {
  /** SHA-256 of the session's id. */
  readonly key: Uint8Array;
  readonly createdAt: EpochSeconds;
  /** The last activity. */
  readonly usedAt: EpochSeconds;
  /** From this moment on the row is as good as gone. */
  readonly expiresAt: EpochSeconds;
  /** Keyed HMAC of who signed in; finds one person's sessions and names nobody. */
  readonly person: Uint8Array;
  /** Keyed HMAC of the provider's own session; null when it has none. */
  readonly providerSession: Uint8Array | null;
}

export interface StoredSession extends SessionEntry {
  /** Opens only with the key in the ticket. */
  readonly sealed: Uint8Array;
}

/** What a request needs of a row. */
export type SealedSession = Pick<StoredSession, 'usedAt' | 'sealed'>;

/** Several hashes where several keys are in use: a session may have been begun under any of them. */
export type SessionFilter =
  | { readonly by: 'everyone' }
  | { readonly by: 'person'; readonly hashes: readonly Uint8Array[] }
  /** Also those of the person the row of this key belongs to, whatever hash it carries; a row that is gone or has expired adds none. */
  | { readonly by: 'same_person'; readonly key: Uint8Array; readonly hashes: readonly Uint8Array[] }
  | { readonly by: 'provider_session'; readonly hashes: readonly Uint8Array[] };

/** The store could not be asked. Nobody may take that for "no such session". */
export class StoreUnavailable extends Error {
  override readonly name = 'StoreUnavailable';

  constructor(cause: unknown) {
    super('the session store does not answer', { cause });
  }
}

/** Every method rejects with `StoreUnavailable` when the store cannot be asked. */
export interface SessionStore {
  /** Undefined when there is no such row, or it has expired. */
  get(key: Uint8Array): Promise<SealedSession | undefined>;
  /** Replaces a row of the same key. */
  put(session: StoredSession): Promise<void>;
  /** Puts other sealed bytes into a row that is there. False when it is gone: an ended session stays ended. */
  reseal(key: Uint8Array, sealed: Uint8Array): Promise<boolean>;
  /** Moves the last activity of a row that is there; never back. */
  touch(key: Uint8Array, usedAt: EpochSeconds): Promise<void>;
  /** False when there was no such row. */
  delete(key: Uint8Array): Promise<boolean>;
  /** Those of these rows that are there and have not expired, in any order. */
  present(keys: readonly Uint8Array[]): Promise<readonly Pick<SessionEntry, 'key' | 'usedAt'>[]>;
  /** Without expired rows, the newest first. */
  list(filter: SessionFilter): Promise<readonly SessionEntry[]>;
  /** How many rows that were live are gone now. */
  deleteWhere(filter: SessionFilter): Promise<number>;
  /** True for exactly one of any number of callers of the same name, in any process that shares the store, until the time is over. */
  setIfAbsent(name: string, ttlSeconds: number): Promise<boolean>;
  /** True when nobody else holds the name; its holder may call again to stay. Whoever dies with it loses it when the lease is over. */
  lock(name: string, holder: string, leaseSeconds: number): Promise<boolean>;
  /** Lets go of a name, if that holder has it. */
  unlock(name: string, holder: string): Promise<void>;
  close(): Promise<void>;
}
