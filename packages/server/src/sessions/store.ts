/** The port to wherever sessions are kept. An adapter sees sealed bytes and hashed keys only, and says what it cannot promise. */
import type { EpochSeconds } from '@lamplighter/auth-core';

export interface StoredSession {
  /** SHA-256 of the session's id. */
  readonly key: Uint8Array;
  readonly createdAt: EpochSeconds;
  /** From this moment on the row is as good as gone. */
  readonly expiresAt: EpochSeconds;
  /** Opens only with the key in the ticket. */
  readonly sealed: Uint8Array;
}

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
  get(key: Uint8Array): Promise<StoredSession | undefined>;
  /** Replaces a row of the same key. */
  put(session: StoredSession): Promise<void>;
  /** Also well when there is no such row. */
  delete(key: Uint8Array): Promise<void>;
  /** True for exactly one of any number of callers of the same name, in any process that shares the store, until the time is over. */
  setIfAbsent(name: string, ttlSeconds: number): Promise<boolean>;
  close(): Promise<void>;
}
