/**
 * Sessions in SQLite: a file that survives restarts, or memory. One machine only: a file on a network disk breaks SQLite's locks.
 * A killed process loses nothing; a power cut may lose the last moments, which costs the people concerned one sign-in.
 */
import { chmodSync, closeSync, openSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import type { EpochSeconds } from '@lamplighter/auth-core';
import { STORE_BUSY_TIMEOUT_MS, STORE_SWEEP_INTERVAL_MS } from '../constants.ts';
import { type SessionStore, type StoredSession, StoreUnavailable } from './store.ts';

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

/** @param path - a file, made with mode 0600 when it is not there; null keeps everything in memory. Throws when it cannot be opened. */
export function openSqliteStore(path: string | null, now: () => EpochSeconds): SessionStore {
  const database = path === null ? new DatabaseSync(':memory:') : openFile(path);
  database.exec(SCHEMA);
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
    for (const sweep of sweeps) sweep.run(now());
  }, STORE_SWEEP_INTERVAL_MS).unref();
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

/** SQLite answers at once, the port is asynchronous; what it throws becomes the port's one error. */
function guarded<Arguments extends readonly unknown[], Value>(
  call: (...given: Arguments) => Value,
): (...given: Arguments) => Promise<Value> {
  return async (...given) => {
    try {
      return call(...given);
    } catch (error) {
      throw new StoreUnavailable(error);
    }
  };
}

function openFile(path: string): DatabaseSync {
  // Made here, before SQLite would make it with everyone's rights; its side files take their mode from this one.
  closeSync(openSync(path, 'a', 0o600));
  chmodSync(path, 0o600);
  const database = new DatabaseSync(path, { timeout: STORE_BUSY_TIMEOUT_MS });
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
