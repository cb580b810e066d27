import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { identify, isAlive } from '../process/identity.ts';
import { claimFolder, releaseFolder, sweep, worldFolder, worldNames } from './folder.ts';
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

/** As if whoever claimed it had been killed. */
async function orphan(name: string): Promise<string> {
  const { folder } = await claimFolder(root, name);
  const state = readState(folder);
  if (state === undefined) throw new Error('no state');
  writeState(folder, { ...state, owner: await deadProcess() });
  return folder;
}

describe("a world's folder", () => {
  it("is its owner's alone, and gone when it is released", async () => {
    const claimed = await claimFolder(root, 'one');
    expect(statSync(claimed.folder).mode & 0o077).toBe(0);
    expect(readState(claimed.folder)?.owner.pid).toBe(process.pid);
    await releaseFolder(claimed);
    expect(worldNames(root)).toEqual([]);
  });

  it('can not be claimed twice; the second is told the way out and leaves nothing', async () => {
    await claimFolder(root, 'one');
    await expect(claimFolder(root, 'one')).rejects.toThrow(
      'A world named "one" is already running: end it with world:down --name one',
    );
    expect(worldNames(root)).toEqual(['one']);
  });

  it('that a dead owner left goes to exactly one of many who want its name at once', async () => {
    for (let round = 0; round < 20; round++) {
      await orphan('one');
      const claims = await Promise.allSettled(Array.from({ length: 4 }, () => claimFolder(root, 'one')));
      const won = claims.filter(({ status }) => status === 'fulfilled');
      expect(won).toHaveLength(1);
      expect(readState(join(root, 'one'))?.owner.pid).toBe(process.pid);
      for (const claim of claims) if (claim.status === 'fulfilled') await releaseFolder(claim.value);
    }
  });

  it('of a dead owner is swept with its processes, and its name is free again', async () => {
    const folder = await orphan('one');
    const left = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { detached: true });
    const identity = identify(left.pid ?? 0);
    const state = readState(folder);
    if (identity === undefined || state === undefined) throw new Error('no process or no state');
    writeState(folder, { ...state, processes: [{ name: 'etcd', identity }] });
    const ended = new Promise((resolve) => left.once('exit', (_code, signal) => resolve(signal)));
    expect(await sweep(root)).toEqual(['one']);
    expect(await ended).toBe('SIGKILL');
    expect(isAlive(identity)).toBe(false);
    expect(existsSync(folder)).toBe(false);
  });

  it('of a living owner is never swept', async () => {
    await claimFolder(root, 'one');
    expect(await sweep(root)).toEqual([]);
    expect(worldNames(root)).toEqual(['one']);
  });

  it('without a readable state is swept: its owner died before it wrote one', async () => {
    mkdirSync(join(root, 'torn'));
    writeFileSync(join(root, 'torn', 'state.json'), '{"owner":');
    expect(await sweep(root)).toEqual(['torn']);
  });

  it("is not taken for a living one when its owner's pid has gone to somebody else", async () => {
    const { folder } = await claimFolder(root, 'one');
    const state = readState(folder);
    if (state === undefined) throw new Error('no state');
    writeState(folder, { ...state, owner: { pid: process.pid, startedAt: 'long ago' } });
    expect(await sweep(root)).toEqual(['one']);
  });

  it('keeps its sockets elsewhere when its own path is too long for them, and takes them away too', async () => {
    const claimed = await claimFolder(join(root, 'd'.repeat(100)), 'one');
    expect(claimed.socketFolder).not.toBe(claimed.folder);
    expect(claimed.socketFolder.length).toBeLessThan(80);
    await releaseFolder(claimed);
    expect(existsSync(claimed.socketFolder)).toBe(false);
  });

  it.each(['', '../up', 'UPPER', 'with blank', '-dash', '.hidden', 'x'.repeat(40), 'a/b', 'a\0b'])(
    'can not be called "%s"',
    (name) => {
      expect(() => worldFolder(root, name)).toThrow("can't be a world's name");
    },
  );
});

describe("a world's address", () => {
  it('is the same each time it is brought up', async () => {
    const first = await claimFolder(root, 'one');
    await releaseFolder(first);
    expect((await claimFolder(root, 'one')).address).toBe(first.address);
  });

  it.runIf(process.platform === 'linux')("is no other living world's, because cookies know no ports", async () => {
    const names = Array.from({ length: 60 }, (_, at) => `world-${at}`);
    const addresses: string[] = [];
    for (const name of names) addresses.push((await claimFolder(root, name)).address);
    expect(new Set(addresses).size).toBe(names.length);
    expect(addresses.filter((address) => !/^127\.0\.0\.\d+$/.test(address))).toEqual([]);
  });
});
