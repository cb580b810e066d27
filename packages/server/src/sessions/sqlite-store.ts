/**
 * Sessions in SQLite: a file that survives restarts, or memory. One machine only: a file on a network disk breaks SQLite's locks.
 * A killed process loses nothing; a power cut may lose the last moments, which costs the people concerned one sign-in.
 */
import type { DatabaseSync, SQLInputValue } from 'node:sqlite';
import { setTimeout as wait } from 'node:timers/promises';
import type { EpochSeconds } from '@lamplighter/auth-core';
import { STORE_BUSY_PAUSES_MS, STORE_SWEEP_INTERVAL_MS } from '../constants.ts';
import { openDatabase, TABLES } from './sqlite-schema.ts';
import { type SessionEntry, type SessionFilter, type SessionStore, StoreUnavailable } from './store.ts';

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
export function openSqliteStore(options: SqliteStoreOptions): SessionStore {
  const { now } = options;
  const database = openDatabase(options.path);
  const sql = prepareStatements(database);
  const sweeper = startSweeping(database, options);
  return {
    get: guarded((key) => {
      const row = sql.get.get(key, now());
      return row === undefined ? undefined : { usedAt: readNumber(row['used_at']), sealed: readBytes(row['sealed']) };
    }),
    put: guarded(({ key, createdAt, usedAt, expiresAt, person, providerSession, sealed }) => {
      sql.put.run(key, createdAt, usedAt, expiresAt, person, providerSession, sealed);
    }),
    reseal: guarded((key, sealed) => sql.reseal.run(sealed, key, now()).changes === 1),
    touch: guarded((key, usedAt) => {
      sql.touch.run(usedAt, key);
    }),
    delete: guarded((key) => {
      const row = sql.delete.get(key);
      return row !== undefined && readNumber(row['expires_at']) > now();
    }),
    present: guarded((keys) => sql.present.all(hexList(keys), now()).map(readPresence)),
    list: guarded((filter) => {
      const { list } = sql.where[filter.by];
      return list.all(now(), ...selection(filter)).map(readEntry);
    }),
    deleteWhere: guarded((filter) => Number(sql.where[filter.by].delete.run(now(), ...selection(filter)).changes)),
    setIfAbsent: guarded((name, ttlSeconds) => sql.take.run(name, now() + ttlSeconds, now()).changes === 1),
    lock: guarded((name, holder, seconds) => sql.lock.run(name, holder, now() + seconds, now()).changes === 1),
    unlock: guarded((name, holder) => {
      sql.unlock.run(name, holder);
    }),
    close: async () => {
      clearInterval(sweeper);
      if (database.isOpen) database.close();
    },
  };
}

const ENTRY = 'key, created_at, used_at, expires_at, person, provider_session';

// Each is one statement, so no other process can come between looking and writing.
function prepareStatements(database: DatabaseSync) {
  const prepare = (text: string) => database.prepare(text);
  // ?1 is now.
  const where = (condition: string) => ({
    list: prepare(`SELECT ${ENTRY} FROM session WHERE ${condition} AND expires_at > ?1 ORDER BY created_at DESC, key`),
    delete: prepare(`DELETE FROM session WHERE ${condition} AND expires_at > ?1`),
  });
  return {
    // No column more: each that holds bytes costs a request 4 µs.
    get: prepare('SELECT used_at, sealed FROM session WHERE key = ? AND expires_at > ?'),
    put: prepare(`INSERT OR REPLACE INTO session (${ENTRY}, sealed) VALUES (?, ?, ?, ?, ?, ?, ?)`),
    reseal: prepare('UPDATE session SET sealed = ? WHERE key = ? AND expires_at > ?'),
    touch: prepare('UPDATE session SET used_at = ?1 WHERE key = ?2 AND used_at < ?1'),
    delete: prepare('DELETE FROM session WHERE key = ? RETURNING expires_at'),
    present: prepare(
      'SELECT key, used_at FROM session WHERE key IN (SELECT unhex(value) FROM json_each(?)) AND expires_at > ?',
    ),
    where: {
      everyone: where('true'),
      person: where('person IN (SELECT unhex(value) FROM json_each(?2))'),
      same_person: where(
        `person IN (SELECT unhex(value) FROM json_each(?2)
                    UNION ALL SELECT person FROM session WHERE key = ?3 AND expires_at > ?1)`,
      ),
      provider_session: where('provider_session IN (SELECT unhex(value) FROM json_each(?2))'),
    },
    take: prepare(
      `INSERT INTO used (name, expires_at) VALUES (?1, ?2)
       ON CONFLICT (name) DO UPDATE SET expires_at = ?2 WHERE expires_at <= ?3`,
    ),
    lock: prepare(
      `INSERT INTO lock (name, holder, expires_at) VALUES (?1, ?2, ?3)
       ON CONFLICT (name) DO UPDATE SET holder = ?2, expires_at = ?3 WHERE holder = ?2 OR expires_at <= ?4`,
    ),
    unlock: prepare('DELETE FROM lock WHERE name = ? AND holder = ?'),
  };
}

function startSweeping(database: DatabaseSync, options: SqliteStoreOptions): NodeJS.Timeout {
  const { now, onSweepFailure, sweepIntervalMs = STORE_SWEEP_INTERVAL_MS } = options;
  const sweeps = TABLES.map((table) => database.prepare(`DELETE FROM ${table} WHERE expires_at <= ?`));
  return setInterval(() => {
    try {
      for (const sweep of sweeps) sweep.run(now());
    } catch (error) {
      // Nobody waits for it: an expired row is refused whether it is still there or not.
      onSweepFailure(error);
    }
  }, sweepIntervalMs).unref();
}

/** From the second parameter on; the first is now. */
function selection(filter: SessionFilter): readonly SQLInputValue[] {
  switch (filter.by) {
    case 'everyone':
      return [];
    case 'person':
    case 'provider_session':
      return [hexList(filter.hashes)];
    case 'same_person':
      return [hexList(filter.hashes), filter.key];
  }
}

// JSON has no bytes; this is how one statement takes any number of them.
function hexList(values: readonly Uint8Array[]): string {
  return JSON.stringify(values.map((value) => Buffer.from(value).toString('hex')));
}

type Row = Record<string, SQLInputValue>;

function readEntry(row: Row): SessionEntry {
  return {
    ...readPresence(row),
    createdAt: readNumber(row['created_at']),
    expiresAt: readNumber(row['expires_at']),
    person: readBytes(row['person']),
    providerSession: row['provider_session'] === null ? null : readBytes(row['provider_session']),
  };
}

function readPresence(row: Row): Pick<SessionEntry, 'key' | 'usedAt'> {
  return { key: readBytes(row['key']), usedAt: readNumber(row['used_at']) };
}

// The tables are STRICT: a column holds what its definition says.
function readNumber(value: SQLInputValue | undefined): number {
  return value as number;
}

function readBytes(value: SQLInputValue | undefined): Uint8Array {
  return value as Uint8Array;
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
