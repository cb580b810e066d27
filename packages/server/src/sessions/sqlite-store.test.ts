import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { parseClusterName } from '@lamplighter/auth-core';
import { expect, test } from 'vitest';
import { createSessions } from './sessions.ts';
import { openSqliteStore } from './sqlite-store.ts';
import { describeSessionStore } from './store.contract.ts';

const now = (): number => 1_800_000_000;
const cluster = parseClusterName('main');
if (cluster === undefined) throw new Error('main is a cluster name');
const ada = {
  method: 'token',
  cluster,
  bearer: 'b3arer-in-the-clear',
  person: { username: 'ada-in-the-clear', email: '', groups: [] },
  identity: null,
  tokenExpiresAt: null,
} as const;

function folder(): Disposable & { readonly path: string } {
  const path = mkdtempSync(join(tmpdir(), 'lamplighter-store-'));
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) };
}

describeSessionStore('in memory', async (clock) => openSqliteStore(null, clock));

describeSessionStore('in a file', async (clock) => {
  const place = folder();
  const store = openSqliteStore(join(place.path, 'sessions.db'), clock);
  return {
    ...store,
    close: async () => {
      await store.close();
      place[Symbol.dispose]();
    },
  };
});

test('a session in a file survives a restart', async () => {
  using place = folder();
  const path = join(place.path, 'sessions.db');
  const first = openSqliteStore(path, now);
  const { ticket } = await createSessions(first, { ttlSeconds: 60 }, now).begin(ada, null);
  await first.close();
  const second = openSqliteStore(path, now);
  expect(await createSessions(second, { ttlSeconds: 60 }, now).find(ticket, cluster)).toMatchObject({
    ok: true,
    value: { live: { record: { bearer: ada.bearer } } },
  });
  await second.close();
});

test('two processes that share a file take a name once', async () => {
  using place = folder();
  const path = join(place.path, 'sessions.db');
  const [one, two] = [openSqliteStore(path, now), openSqliteStore(path, now)];
  expect(await one.setIfAbsent('login x', 60)).toBe(true);
  expect(await two.setIfAbsent('login x', 60)).toBe(false);
  await Promise.all([one.close(), two.close()]);
});

test('nobody else on the machine may read the file or its companions, even if it was open to all before', async () => {
  using place = folder();
  const path = join(place.path, 'sessions.db');
  await openSqliteStore(path, now).close();
  chmodSync(path, 0o644);
  const store = openSqliteStore(path, now);
  await createSessions(store, { ttlSeconds: 60 }, now).begin(ada, null);
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
  const store = openSqliteStore(join(place.path, 'sessions.db'), now);
  const { ticket } = await createSessions(store, { ttlSeconds: 60 }, now).begin(ada, null);
  const bytes = readdirSync(place.path)
    .map((name) => readFileSync(join(place.path, name), 'latin1'))
    .join('');
  const [, id = '', key = ''] = ticket.split('.');
  const raw = [id, key].map((text) => Buffer.from(text, 'base64url').toString('latin1'));
  for (const secret of [ada.bearer, ada.person.username, id, key, ...raw]) expect(bytes).not.toContain(secret);
  await store.close();
});

test('a file of another version is refused in words', () => {
  using place = folder();
  const path = join(place.path, 'sessions.db');
  const other = new DatabaseSync(path);
  other.exec('PRAGMA user_version = 7');
  other.close();
  expect(() => openSqliteStore(path, now)).toThrow('another version of this server (shape 7, this one reads 1)');
});
