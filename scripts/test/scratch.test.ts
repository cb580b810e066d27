import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { clearScratch } from './scratch.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'scratch-'));
});
afterEach(() => rmSync(root, { recursive: true }));

it('what tests left is cleared once they no longer run, worlds and all, and what running ones use is not', async () => {
  const { pid: dead } = spawnSync(process.execPath, ['--version']);
  for (const pid of [dead, process.pid]) {
    mkdirSync(join(root, String(pid), 'worlds', 'one'), { recursive: true });
    writeFileSync(join(root, String(pid), 'worlds', 'one', 'state.json'), '{}');
    mkdirSync(join(root, String(pid), 'cache', 'parts'), { recursive: true });
  }
  await clearScratch(root);
  expect(readdirSync(root)).toEqual([String(process.pid)]);
  expect(readdirSync(join(root, String(process.pid), 'worlds'))).toEqual(['one']);
});

it('a checkout whose tests never ran has nothing to clear', async () => {
  await expect(clearScratch(join(root, 'none'))).resolves.toBeUndefined();
});
