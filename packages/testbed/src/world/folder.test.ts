import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { identify, isAlive } from '../process/identity.ts';
import { addressOf, claimFolder, releaseFolder, sweep, worldFolder } from './folder.ts';
import { readState, writeState } from './state.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'worlds-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

/** A pid that was somebody's a moment ago. */
async function deadProcess(): Promise<{ pid: number; startedAt: string }> {
  const child = spawn(process.execPath, ['-e', '']);
  const identity = identify(child.pid ?? 0);
  await new Promise((resolve) => child.once('exit', resolve));
  if (identity === undefined) throw new Error('it was too quick');
  return identity;
}

describe("a world's folder", () => {
  it("is its owner's alone, and gone when it is released", () => {
    const claimed = claimFolder(root, 'one');
    expect(statSync(claimed.folder).mode & 0o077).toBe(0);
    expect(readState(claimed.folder)?.owner.pid).toBe(process.pid);
    releaseFolder(claimed);
    expect(readdirSync(root)).toEqual([]);
  });

  it('can not be claimed twice; the second is told the way out and leaves nothing', () => {
    claimFolder(root, 'one');
    expect(() => claimFolder(root, 'one')).toThrow(
      'A world named "one" is already running: end it with `pnpm world:down --name one`',
    );
    expect(readdirSync(root)).toEqual(['one']);
  });

  it('of a dead owner is swept with its processes, and its name is free again', async () => {
    const { folder, socketFolder } = claimFolder(root, 'one');
    const orphan = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { detached: true });
    const identity = identify(orphan.pid ?? 0);
    if (identity === undefined) throw new Error('no process');
    writeState(folder, { owner: await deadProcess(), processes: [{ name: 'etcd', identity }], socketFolder });
    const ended = new Promise((resolve) => orphan.once('exit', (_code, signal) => resolve(signal)));
    expect(sweep(root)).toEqual(['one']);
    expect(await ended).toBe('SIGKILL');
    expect(isAlive(identity)).toBe(false);
    expect(existsSync(folder)).toBe(false);
  });

  it('of a living owner is never swept', () => {
    claimFolder(root, 'one');
    expect(sweep(root)).toEqual([]);
    expect(readdirSync(root)).toEqual(['one']);
  });

  it('without a readable state is swept: its owner died before it wrote one', () => {
    mkdirSync(join(root, 'torn'));
    writeFileSync(join(root, 'torn', 'state.json'), '{"owner":');
    expect(sweep(root)).toEqual(['torn']);
  });

  it("is not taken for a living one when its owner's pid has gone to somebody else", () => {
    const { folder, socketFolder } = claimFolder(root, 'one');
    writeState(folder, { owner: { pid: process.pid, startedAt: 'long ago' }, processes: [], socketFolder });
    expect(sweep(root)).toEqual(['one']);
  });

  it('keeps its sockets elsewhere when its own path is too long for them, and takes them away too', () => {
    const deep = join(root, 'd'.repeat(100));
    const claimed = claimFolder(deep, 'one');
    expect(claimed.socketFolder).not.toBe(claimed.folder);
    expect(claimed.socketFolder.length).toBeLessThan(80);
    releaseFolder(claimed);
    expect(existsSync(claimed.socketFolder)).toBe(false);
  });

  it.each(['', '../up', 'UPPER', 'with blank', '-dash', 'x'.repeat(40), 'a/b', 'a\0b'])(
    'can not be called "%s"',
    (name) => {
      expect(() => worldFolder(root, name)).toThrow("can't be a world's name");
    },
  );

  it('gives the same address each time, on loopback', () => {
    expect(addressOf('/somewhere/one')).toBe(addressOf('/somewhere/one'));
    expect(addressOf('/somewhere/two')).toMatch(/^127\.0\.0\.\d+$/);
  });
});
