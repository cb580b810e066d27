import { chmodSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cacheFolderOf, createWorld, resolveParts, runningWorld } from '@lamplighter/testbed';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { scratchFolder } from './scratch.ts';

let scratch: { root: string } & Disposable;
beforeEach(() => {
  scratch = scratchFolder();
});
afterEach(() => {
  delete process.env['LAMPLIGHTER_DEX'];
  scratch[Symbol.dispose]();
});

/** The command lines of everything that runs for a world of this test. */
function runningFor(root: string): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'latin1').replaceAll('\0', ' ');
      } catch {
        return [];
      }
    })
    .filter((line) => line.includes(`${root}/`));
}

async function realDex(): Promise<string> {
  const parts = await resolveParts(['dex'], {
    env: process.env,
    cacheFolder: cacheFolderOf(process.env),
    onEvent: () => undefined,
  });
  return parts.get('dex')?.path ?? '';
}

function world(onReady: (what: string) => void = () => undefined) {
  return createWorld({
    name: 'one',
    root: scratch.root,
    startTarget: async () => undefined,
    onEvent: (event) => event.kind === 'ready' && onReady(event.what),
  });
}

describe('a world', () => {
  it('takes another port when somebody takes the probed one first', async () => {
    const dex = await realDex();
    const once = join(scratch.root, 'dex-once');
    const marker = join(scratch.root, 'tried');
    const script = `#!/bin/sh\n[ -e ${marker} ] && exec ${dex} "$@"\ntouch ${marker}\necho 'bind: address already in use' >&2\nexit 1\n`;
    writeFileSync(once, script);
    chmodSync(once, 0o755);
    process.env['LAMPLIGHTER_DEX'] = once;
    await using started = await world().start();
    expect(existsSync(marker)).toBe(true);
    expect(Object.keys(started.world.providers)).toEqual(['dex']);
  });

  it.runIf(process.platform === 'linux')(
    'that fails when half of it is up starts nothing more, and leaves no process behind',
    async () => {
      const onReady = (what: string): void => {
        if (what !== 'kube-apiserver') return;
        const dex = runningWorld(scratch.root, 'one')?.parts.find(({ name }) => name === 'dex');
        process.kill(dex?.pid ?? 0, 'SIGKILL');
      };
      await expect(world(onReady).start()).rejects.toThrow('dex ended unexpectedly by SIGKILL.');
      expect(runningFor(scratch.root)).toEqual([]);
    },
  );

  it('names the part that died, not what its death made fail elsewhere', async () => {
    const onReady = (what: string): void => {
      if (what !== 'kube-apiserver') return;
      const server = runningWorld(scratch.root, 'one')?.parts.find(({ name }) => name === 'kube-apiserver');
      process.kill(server?.pid ?? 0, 'SIGKILL');
    };
    await expect(world(onReady).start()).rejects.toThrow('kube-apiserver ended unexpectedly by SIGKILL.');
  });

  it('refuses a name that is none before it obtains anything', async () => {
    const obtained: string[] = [];
    const wrong = createWorld({
      name: '../up',
      root: scratch.root,
      startTarget: async () => undefined,
      onEvent: (event) => obtained.push(event.kind),
    });
    await expect(wrong.start()).rejects.toThrow("can't be a world's name");
    expect(obtained).toEqual([]);
  });
});
