/**
 * Sessions in SQLite: a file that survives restarts, or memory. One machine only: a file on a network disk breaks SQLite's locks.
 * A killed process loses nothing; a power cut may lose the last moments, which costs the people concerned one sign-in.
 */
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as wait } from 'node:timers/promises';
import type { EpochSeconds } from '@lamplighter/auth-core';
import {
  STORE_BUSY_PAUSES_MS,
  STORE_BUSY_TIMEOUT_MS,
  STORE_OPEN_TIMEOUT_MS,
  STORE_SWEEP_INTERVAL_MS,
} from '../constants.ts';
import { type SessionStore, type StoredSession, StoreUnavailable } from './store.ts';
import { prepareStoreFile } from './store-file.ts';

/** Raised with the shape of the tables (docs/storage.md); a file of another version is refused rather than guessed at. */
const SCHEMA_VERSION = 1;

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS session (
    key BLOB PRIMARY KEY, created_at INTEGER NOT NULL, expires_at INTEGER NOT NULL, sealed BLOB NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS session_by_expiry ON session (expires_at);
  CREATE TABLE IF NOT EXISTS used (name TEXT PRIMARY KEY, expires_at INTEGER NOT NULL) STRICT, WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS used_by_expiry ON used (expires_at);
`;

export interface SqliteStoreOptions {
  /** A file, made with mode 0600 when it is not there; null keeps everything in memory. */
  readonly path: string | null;
  readonly now: () => EpochSeconds;
  /** Hears why expired rows could not be taken out; it is tried again at the next turn. */
  readonly onSweepFailure: (cause: unknown) => void;
  /** Default: `STORE_SWEEP_INTERVAL_MS`. */
  readonly sweepIntervalMs?: number;
}

/** Throws when the store cannot be opened; the message is the end of a sentence that begins with the file. */
export function openSqliteStore({
  path,
  now,
  onSweepFailure,
  sweepIntervalMs = STORE_SWEEP_INTERVAL_MS,
}: SqliteStoreOptions): SessionStore {
  const database = path === null ? new DatabaseSync(':memory:') : openFile(path);
  database.exec(SCHEMA);
  database.exec(`PRAGMA busy_timeout = ${STORE_BUSY_TIMEOUT_MS}`);
  const get = database.prepare(
    'SELECT key, created_at, expires_at, sealed FROM session WHERE key = ? AND expires_at > ?',
  );
  const put = database.prepare(
    'INSERT OR REPLACE INTO session (key, created_at, expires_at, sealed) VALUES (?, ?, ?, ?)',
  );
  const remove = database.prepare('DELETE FROM session WHERE key = ?');
  // One statement, so no other process can come between looking and writing.
  const take = database.prepare(
    'INSERT INTO used (name, expires_at) VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET expires_at = ?2 WHERE expires_at <= ?3',
  );
  const sweeps = ['session', 'used'].map((table) => database.prepare(`DELETE FROM ${table} WHERE expires_at <= ?`));
  const sweeper = setInterval(() => {
    try {
      for (const sweep of sweeps) sweep.run(now());
    } catch (error) {
      // Nobody waits for it: an expired row is refused whether it is still there or not.
      onSweepFailure(error);
    }
  }, sweepIntervalMs).unref();
  return {
    get: guarded((key: Uint8Array) => {
      const row = get.get(key, now());
      if (row === undefined) return undefined;
      // The table is STRICT: these columns hold what its definition says.
      const { created_at, expires_at, sealed } = row as { created_at: number; expires_at: number; sealed: Uint8Array };
      return { key, createdAt: created_at, expiresAt: expires_at, sealed };
    }),
    put: guarded(({ key, createdAt, expiresAt, sealed }: StoredSession) => {
      put.run(key, createdAt, expiresAt, sealed);
    }),
    delete: guarded((key: Uint8Array) => {
      remove.run(key);
    }),
    setIfAbsent: guarded((name: string, ttlSeconds: number) => take.run(name, now() + ttlSeconds, now()).changes === 1),
    close: async () => {
      clearInterval(sweeper);
      database.close();
    },
  };
}

/** SQLite answers at once, the port is asynchronous; a file somebody else holds is tried again, all else becomes the port's one error. */
function guarded<Arguments extends readonly unknown[], Value>(
  call: (...given: Arguments) => Value,
): (...given: Arguments) => Promise<Value> {
  return async (...given) => {
    for (let tries = 0; ; tries++) {
      try {
        return call(...given);
      } catch (error) {
        const pauseMs = STORE_BUSY_PAUSES_MS[tries];
        if (pauseMs === undefined || !isBusy(error)) throw new StoreUnavailable(error);
        await wait(pauseMs);
      }
    }
  };
}

/** SQLITE_BUSY and its extended forms: the primary code is the lowest byte. */
function isBusy(error: unknown): boolean {
  const code: unknown = error instanceof Error ? Reflect.get(error, 'errcode') : undefined;
  return typeof code === 'number' && (code & 0xff) === 5;
}

function openFile(path: string): DatabaseSync {
  prepareStoreFile(path);
  const database = new DatabaseSync(path, { timeout: STORE_OPEN_TIMEOUT_MS });
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;');
  const version = database.prepare('PRAGMA user_version').get()?.['user_version'];
  if (version !== 0 && version !== SCHEMA_VERSION) {
    database.close();
    throw new Error(
      `it was written by another version of this server (shape ${version}, this one reads ${SCHEMA_VERSION})`,
    );
  }
  database.exec(`PRAGMA user_version = ${SCHEMA_VERSION}`);
  return database;
}
