import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openSqliteStore } from './sqlite-store.ts';

const folder = mkdtempSync(join(tmpdir(), 'lamplighter-store-file-'));
afterAll(() => rmSync(folder, { recursive: true }));
const at = (name: string): string => join(folder, name);
const open = (name: string) =>
  openSqliteStore({ path: at(name), now: () => 1_800_000_000, onSweepFailure: () => undefined });

beforeAll(async () => {
  for (const name of ['theirs.db', 'open.db', 'group.db', 'ours.db']) await open(name).close();
  chmodSync(at('open.db'), 0o644);
  chmodSync(at('group.db'), 0o640);
  symlinkSync(at('theirs.db'), at('link.db'));
  symlinkSync(at('nowhere'), at('dangling.db'));
  mkdirSync(at('folder.db'));
  writeFileSync(at('notes.txt'), 'somebody’s notes', { mode: 0o600 });
  writeFileSync(at('empty.db'), '', { mode: 0o600 });
});

test.each([
  ['a symbolic link to somebody’s file', 'link.db', 'it is a symbolic link'],
  ['a symbolic link to nothing', 'dangling.db', 'it is a symbolic link'],
  ['a folder', 'folder.db', 'it is no regular file'],
  ['another kind of file', 'notes.txt', 'it is another kind of file'],
  ['a store everybody could copy', 'open.db', 'others may read it (mode 644); take their rights away with chmod 600'],
  ['a store a group could copy', 'group.db', 'others may read it (mode 640)'],
])('%s as session store is refused', (_, name, said) => {
  expect(() => open(name)).toThrow(said);
});

test('a refused file keeps its mode and its bytes', () => {
  expect(() => open('notes.txt')).toThrow();
  expect(() => open('open.db')).toThrow();
  expect(readFileSync(at('notes.txt'), 'utf8')).toBe('somebody’s notes');
  expect(statSync(at('open.db')).mode & 0o777).toBe(0o644);
});

test.each(['ours.db', 'empty.db'])('a store that only we can read is opened: %s', async (name) => {
  await open(name).close();
});
