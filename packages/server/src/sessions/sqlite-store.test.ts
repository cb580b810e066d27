import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { parseClusterName } from '@lamplighter/auth-core';
import { expect, test, vi } from 'vitest';
import { movedClock } from '../testing/clock.ts';
import { createSessions, type Sessions } from './sessions.ts';
import { openSqliteStore, type SqliteStoreOptions } from './sqlite-store.ts';
import { describeSessionStore } from './store.contract.ts';
import { type SessionStore, StoreUnavailable } from './store.ts';

const now = (): number => 1_800_000_000;
const cluster = parseClusterName('main');
if (cluster === undefined) throw new Error('main is a cluster name');
const ada = {
  method: 'token',
  cluster,
  bearer: 'b3arer-in-the-clear',
  person: { username: 'ada-in-the-clear', email: '', groups: [], groupsIncomplete: false },
  identity: null,
  tokenExpiresAt: null,
  grant: null,
} as const;

function sessionsIn(store: SessionStore): Sessions {
  return createSessions({ store, limits: { ttlSeconds: 60, idleTtlSeconds: null }, keys: [new Uint8Array(32)], now });
}

function open(path: string | null, more: Partial<SqliteStoreOptions> = {}): SessionStore {
  const onSweepFailure = (cause: unknown): never => {
    throw cause;
  };
  return openSqliteStore({ path, now, onSweepFailure, ...more });
}

function folder(): Disposable & { readonly path: string } {
  const path = mkdtempSync(join(tmpdir(), 'lamplighter-store-'));
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) };
}

describeSessionStore(
  'in memory',
  async () => ({ open: async (clock) => open(null, { now: clock }), [Symbol.asyncDispose]: async () => undefined }),
  { shared: false },
);

describeSessionStore(
  'in a file',
  async () => {
    const place = folder();
    return {
      open: async (clock) => open(join(place.path, 'sessions.db'), { now: clock }),
      [Symbol.asyncDispose]: async () => place[Symbol.dispose](),
    };
  },
  { shared: true },
);

test('a session in a file survives a restart [C33]', async () => {
  using place = folder();
  const path = join(place.path, 'sessions.db');
  const first = open(path);
  const { ticket } = await sessionsIn(first).begin(ada, []);
  await first.close();
  const second = open(path);
  expect(await sessionsIn(second).find(ticket, cluster)).toMatchObject({
    ok: true,
    value: { live: { record: { bearer: ada.bearer } } },
  });
  await second.close();
});

test('nobody else on the machine may read the file or its companions', async () => {
  using place = folder();
  const store = open(join(place.path, 'sessions.db'));
  await sessionsIn(store).begin(ada, []);
  const modes = readdirSync(place.path).map((name) => [
    name,
    (statSync(join(place.path, name)).mode & 0o777).toString(8),
  ]);
  expect(modes.map(([, mode]) => mode)).toEqual(modes.map(() => '600'));
  expect(modes.length).toBeGreaterThan(1);
  await store.close();
});

test('a stolen store gives neither a bearer, nor a name, nor a ticket’s id', async () => {
  using place = folder();
  const store = open(join(place.path, 'sessions.db'));
  const { ticket } = await sessionsIn(store).begin(ada, []);
  const bytes = readdirSync(place.path)
    .map((name) => readFileSync(join(place.path, name), 'latin1'))
    .join('');
  const [, id = '', key = ''] = ticket.split('.');
  const raw = [id, key].map((text) => Buffer.from(text, 'base64url').toString('latin1'));
  for (const secret of [ada.bearer, ada.person.username, id, key, ...raw]) expect(bytes).not.toContain(secret);
  await store.close();
});

test.each([1, 7])('a file of another version is refused in words: %i', (version) => {
  using place = folder();
  const path = join(place.path, 'sessions.db');
  const other = new DatabaseSync(path);
  other.exec(`PRAGMA user_version = ${version}`);
  other.close();
  chmodSync(path, 0o600);
  expect(() => open(path)).toThrow(`another version of this server (shape ${version}, this one reads 2)`);
});

/** Another process in the middle of a write. Disposing ends it. */
function locked(path: string): Disposable {
  const other = new DatabaseSync(path);
  other.exec('BEGIN IMMEDIATE');
  return { [Symbol.dispose]: () => other.close() };
}

test('a sweep that another process keeps from the file is told and survived, and swept at a later turn', async () => {
  using place = folder();
  const path = join(place.path, 'sessions.db');
  const clock = movedClock(1_800_000_000);
  const failed = Promise.withResolvers<unknown>();
  const store = open(path, { now: clock.now, sweepIntervalMs: 5, onSweepFailure: failed.resolve });
  const key = new Uint8Array(32);
  await store.put({
    key,
    createdAt: 0,
    usedAt: 0,
    expiresAt: 1_800_000_001,
    person: key,
    providerSession: null,
    sealed: key,
  });
  {
    using _ = locked(path);
    clock.forward(60);
    expect(await failed.promise).toMatchObject({ message: 'database is locked' });
  }
  const reader = new DatabaseSync(path);
  const rows = reader.prepare('SELECT count(*) AS n FROM session');
  await vi.waitFor(() => expect(rows.get()).toEqual({ n: 0 }));
  reader.close();
  await store.close();
});

test('a write waits for another process without holding everything else up', async () => {
  using place = folder();
  const path = join(place.path, 'sessions.db');
  const store = open(path);
  const lock = locked(path);
  const start = performance.now();
  const taken = store.setIfAbsent('login x', 60);
  // The first try has been made by now, and has given up.
  expect(performance.now() - start).toBeLessThan(400);
  lock[Symbol.dispose]();
  expect(await taken).toBe(true);
  await store.close();
});

test('a file that stays locked is a store that does not answer, soon', async () => {
  using place = folder();
  const path = join(place.path, 'sessions.db');
  const store = open(path);
  {
    using _ = locked(path);
    const start = performance.now();
    await expect(store.setIfAbsent('login x', 60)).rejects.toThrow(StoreUnavailable);
    expect(performance.now() - start).toBeLessThan(4_000);
  }
  expect(await store.setIfAbsent('login x', 60)).toBe(true);
  await store.close();
});
