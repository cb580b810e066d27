/** Owns the tables of the SQLite store (docs/storage.md): makes them, and refuses a file whose tables are others. */
import { DatabaseSync } from 'node:sqlite';
import { STORE_BUSY_TIMEOUT_MS, STORE_OPEN_TIMEOUT_MS } from '../constants.ts';
import { prepareStoreFile } from './store-file.ts';

/** Raised with the shape of the tables; a file of another version is refused rather than guessed at. */
const SCHEMA_VERSION = 2;

// `session` has row ids: with its wide rows in the tree of keys itself, finding one took more than twice as long.
const SCHEMA = `
  CREATE TABLE IF NOT EXISTS session (
    key BLOB PRIMARY KEY, created_at INTEGER NOT NULL, used_at INTEGER NOT NULL, expires_at INTEGER NOT NULL,
    person BLOB NOT NULL, provider_session BLOB, sealed BLOB NOT NULL
  ) STRICT;
  CREATE INDEX IF NOT EXISTS session_by_expiry ON session (expires_at);
  CREATE INDEX IF NOT EXISTS session_by_person ON session (person);
  CREATE INDEX IF NOT EXISTS session_by_provider_session ON session (provider_session) WHERE provider_session IS NOT NULL;
  CREATE TABLE IF NOT EXISTS used (name TEXT PRIMARY KEY, expires_at INTEGER NOT NULL) STRICT, WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS used_by_expiry ON used (expires_at);
  CREATE TABLE IF NOT EXISTS lock (
    name TEXT PRIMARY KEY, holder TEXT NOT NULL, expires_at INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS lock_by_expiry ON lock (expires_at);
`;

/** Every table has `expires_at`: from then on a row is as good as gone. */
export const TABLES: readonly string[] = ['session', 'used', 'lock'];

/** @param path - null keeps everything in memory. Throws the end of a sentence that begins with the file. */
export function openDatabase(path: string | null): DatabaseSync {
  const database = path === null ? new DatabaseSync(':memory:') : openFile(path);
  database.exec(SCHEMA);
  database.exec(`PRAGMA busy_timeout = ${STORE_BUSY_TIMEOUT_MS}`);
  return database;
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
