import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openSqliteStore } from './sqlite-store.ts';
import { judgeRights } from './store-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'lamplighter-store-file-'));
afterAll(() => rmSync(folder, { recursive: true }));
const at = (name: string): string => join(folder, name);
const open = (name: string) =>
  openSqliteStore({ path: at(name), now: () => 1_800_000_000, onSweepFailure: () => undefined });

beforeAll(async () => {
  for (const name of ['theirs.db', 'open.db', 'both.db', 'group.db', 'ours.db']) await open(name).close();
  chmodSync(at('open.db'), 0o644);
  chmodSync(at('both.db'), 0o661);
  chmodSync(at('group.db'), 0o660);
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
  ['a store of our group that everybody could reach', 'both.db', 'others may read it (mode 661)'],
])('%s as session store is refused', (_, name, said) => {
  expect(() => open(name)).toThrow(said);
});

test('a refused file keeps its mode and its bytes', () => {
  expect(() => open('notes.txt')).toThrow();
  expect(() => open('open.db')).toThrow();
  expect(readFileSync(at('notes.txt'), 'utf8')).toBe('somebody’s notes');
  expect(statSync(at('open.db')).mode & 0o777).toBe(0o644);
});

test.each(['ours.db', 'empty.db', 'group.db'])(
  'a store that only we or our group can read is opened: %s',
  async (name) => {
    await open(name).close();
  },
);

const WE = { uid: 1000, groups: [1000, 2000] };

test.each([
  ['our own, for us alone', 0o600, 1000, 1000, null],
  ['our own, of a group of strangers without rights', 0o600, 1000, 3000, null],
  ['on a volume whose group Kubernetes gave to us', 0o660, 0, 2000, null],
  ['our own on such a volume', 0o660, 1000, 2000, null],
  ['our own, of a group of strangers', 0o640, 1000, 3000, 'a group that is not ours may read it (mode 640)'],
  ['root’s, of a group of strangers', 0o660, 0, 3000, 'a group that is not ours may read it (mode 660)'],
  ['a stranger’s, of our group', 0o660, 3000, 2000, 'it belongs to another user'],
  ['ours, that everybody may read', 0o604, 1000, 1000, 'others may read it (mode 604)'],
  ['our group’s, that everybody may write', 0o662, 1000, 2000, 'others may read it (mode 662)'],
  ['our group’s, that everybody may execute', 0o661, 0, 2000, 'others may read it (mode 661)'],
])('a store file %s is judged by who can reach it', (_, mode, uid, gid, wrong) => {
  const judged = judgeRights({ mode: 0o100_000 | mode, uid, gid }, WE);
  if (wrong === null) expect(judged).toBeNull();
  else expect(judged).toContain(wrong);
});
