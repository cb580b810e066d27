import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, expect, test } from 'vitest';
import { sessionCookie, signInWithProvider, startTestServer } from './testing/start.ts';

const folder = mkdtempSync(join(tmpdir(), 'lamplighter-untouched-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** How many rows each table of a store's file has. */
function rows(path: string): Readonly<Record<string, number>> {
  const file = new DatabaseSync(path, { readOnly: true });
  const names = file.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").all();
  const counts = names.map(({ name }) => {
    const counted = file.prepare(`SELECT count(*) AS count FROM "${name}"`).get();
    return [String(name), Number(counted?.['count'])];
  });
  file.close();
  return Object.fromEntries(counts);
}

const REFUSED: readonly (readonly [string, Record<string, unknown>])[] = [
  ['is for another client', { aud: 'other' }],
  ['has another nonce', { nonce: 'other' }],
  ['names nobody', { sub: undefined }],
  ['has ended', { exp: 1_000 }],
];

test.each(REFUSED)(
  'of a sign-in whose ID token %s nothing is kept but that its state was used [C23]',
  async (name, claims) => {
    const path = join(folder, `${name}.db`);
    await using world = await startTestServer({ sessions: { store: { kind: 'file', path } } });
    world.provider.refreshTokens = true;
    world.provider.answer = { refresh_token: 'kept-too-early' };
    const before = rows(path);
    world.provider.claims = claims;
    const ada = world.visitor();
    expect((await signInWithProvider(world, ada)).status).toBe(502);
    expect(sessionCookie(ada)).toEqual(['', '']);
    const grown = Object.entries(rows(path)).map(([table, count]) => count - (before[table] ?? 0));
    expect(grown.toSorted()).toEqual([...grown.slice(1).map(() => 0), 1]);
    for (const file of readdirSync(folder)) {
      expect(readFileSync(join(folder, file)).includes('kept-too-early')).toBe(false);
    }
  },
);
