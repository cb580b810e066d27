import {
  appendFileSync,
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { waitFor } from '../process/wait.ts';
import { stubGo } from '../testing/stub-go.ts';
import type { ObtainContext, ObtainEvent } from './part.ts';
import { findPart, resolvePart, resolveParts } from './resolve.ts';

let folder: string;
let events: ObtainEvent[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'parts-'));
  events = [];
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Dex has no official download, so nothing here asks the network. */
function context(env: Record<string, string> = {}): ObtainContext {
  return { env: { PATH: '', ...env }, cacheFolder: join(folder, 'cache'), onEvent: (event) => events.push(event) };
}

function executable(path: string, script: string): string {
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, `#!/bin/sh\n${script}\n`);
  chmodSync(path, 0o755);
  return path;
}

const dexFolder = (): string => join(folder, 'cache', 'parts', 'dex');
function entryFolder(): string {
  const entry = readdirSync(dexFolder()).find((name) => name.startsWith('2.'));
  if (entry === undefined) throw new Error('no entry');
  return join(dexFolder(), entry);
}

describe('the order in which a part is looked for', () => {
  it('takes the one the environment names before all others', async () => {
    const LAMPLIGHTER_DEX = executable(join(folder, 'mine', 'dex'), 'echo v2.99.0');
    executable(join(folder, 'path', 'dex'), 'echo v2.46.0');
    const part = await resolvePart('dex', context({ LAMPLIGHTER_DEX, PATH: join(folder, 'path') }));
    expect(part).toEqual({ name: 'dex', path: LAMPLIGHTER_DEX, source: 'explicit', version: '2.99.0' });
  });

  it('refuses a named one that is not there instead of taking another', async () => {
    executable(join(folder, 'path', 'dex'), 'echo v2.46.0');
    const named = join(folder, 'gone');
    const part = resolvePart('dex', context({ LAMPLIGHTER_DEX: named, PATH: join(folder, 'path') }));
    await expect(part).rejects.toThrow(`LAMPLIGHTER_DEX names ${named}, which is not an executable file`);
  });

  it('takes one on PATH that is new enough', async () => {
    const path = executable(join(folder, 'path', 'dex'), 'echo Dex Version: v2.46.0');
    expect(await resolvePart('dex', context({ PATH: join(folder, 'path') }))).toMatchObject({ path, source: 'path' });
  });

  it('passes over one on PATH that is too old or does not say its version, and says so', async () => {
    executable(join(folder, 'old', 'dex'), 'echo v2.30.0');
    expect(await findPart('dex', context({ PATH: join(folder, 'old') }))).toMatchObject({
      misses: expect.arrayContaining([expect.stringContaining('is 2.30.0, and ^2.45.0 is wanted')]),
    });
    executable(join(folder, 'mute', 'dex'), 'exit 1');
    expect(await findPart('dex', context({ PATH: join(folder, 'mute') }))).toMatchObject({
      misses: expect.arrayContaining([expect.stringContaining('does not say its version')]),
    });
  });

  it('builds what is nowhere, tells how far it is and how long it usually takes, and finds it in the cache next time', async () => {
    const PATH = stubGo(join(folder, 'go'));
    expect(await resolvePart('dex', context({ PATH }))).toMatchObject({ source: 'build' });
    expect(events).toContainEqual({
      part: 'dex',
      doing: 'building',
      note: expect.stringMatching(/^2 of about \d+ packages compiled$/),
      usualSeconds: expect.any(Number),
    });
    expect(await resolvePart('dex', context())).toMatchObject({ source: 'cache' });
  });
});

describe('when a part can not be had', () => {
  it('names every place that was tried and the way out, when there is no compiler', async () => {
    const failure = resolvePart('dex', context());
    await expect(failure).rejects.toThrow(
      /^dex 2\.\S+ can't be had: LAMPLIGHTER_DEX is not set; not on PATH; not in the cache; no official download exists; no Go toolchain on PATH .*Install Go/,
    );
    expect(readdirSync(dexFolder())).toEqual(['builders']);
  });

  it('says which Go it found when that is too old', async () => {
    const PATH = stubGo(join(folder, 'go'), { version: 'go1.20.1' });
    await expect(resolvePart('dex', context({ PATH }))).rejects.toThrow('is Go 1.20.1, 1.26.0 or newer is needed');
  });

  it('accepts an older Go that fetches the toolchain a module asks for', async () => {
    const PATH = stubGo(join(folder, 'go'), { version: 'go1.22.0', toolchain: 'auto' });
    expect(await resolvePart('dex', context({ PATH }))).toMatchObject({ source: 'build' });
  });

  it.each([
    ['write /tmp/x: no space left on device', 'disk-full', /The disk is full: obtaining dex .*LAMPLIGHTER_CACHE/],
    ['dial tcp: lookup proxy.example: no such host', 'build-failed', /module proxy can't be reached/],
    ['undefined: foo', 'build-failed', /go build ended with exit code 1/],
  ])(
    'turns a build that ends with "%s" into one sentence, and leaves nothing half-made',
    async (fails, code, message) => {
      const PATH = stubGo(join(folder, 'go'), { fails });
      const failure = resolvePart('dex', context({ PATH }));
      await expect(failure).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
      expect(readdirSync(dexFolder())).toEqual(['builders']);
    },
  );

  it('names the cache folder when it can not be made', async () => {
    writeFileSync(join(folder, 'cache'), 'a file in the way');
    await expect(resolvePart('dex', context())).rejects.toThrow(
      /The cache folder .* can't be written .*LAMPLIGHTER_CACHE/,
    );
  });
});

describe('a cached part', () => {
  beforeEach(async () => {
    await resolvePart('dex', context({ PATH: stubGo(join(folder, 'go')) }));
    events = [];
  });

  it.each([
    ['cut short', (file: string) => truncateSync(file, 3), /it has 3 bytes instead of/],
    ['grown', (file: string) => appendFileSync(file, 'x'), /bytes instead of/],
    ['changed in place', (file: string) => writeFileSync(file, readFileSync(file).fill(0)), /its checksum is wrong/],
    ['gone', (file: string) => rmSync(file), /is missing or unreadable/],
  ])('that was %s is removed, said, and obtained again', async (_how, damage, why) => {
    damage(join(entryFolder(), 'dex'));
    const part = await resolvePart('dex', context({ PATH: join(folder, 'go') }));
    expect(part.source).toBe('build');
    expect(events[0]).toMatchObject({ doing: 'repairing', note: expect.stringMatching(why) });
    expect(readFileSync(part.path, 'utf8')).toContain('echo built');
  });

  it('that is damaged and can not be obtained again is one clear failure, and the damaged copy is gone', async () => {
    truncateSync(join(entryFolder(), 'dex'), 3);
    await expect(resolvePart('dex', context())).rejects.toThrow(/the cached copy is damaged .*Install Go/);
    expect(readdirSync(dexFolder())).toEqual(['builders']);
  });

  it('that only looks touched is read whole and kept', async () => {
    utimesSync(join(entryFolder(), 'dex'), 1, 1);
    expect(await resolvePart('dex', context())).toMatchObject({ source: 'cache' });
  });
});

describe('two who want the same part at once', () => {
  it("build it once; the second waits, is told so, and takes the first one's", async () => {
    const until = join(folder, 'go-on');
    const PATH = stubGo(join(folder, 'go'), { until });
    const first = resolvePart('dex', context({ PATH }));
    const waited: ObtainEvent[] = [];
    const { promise: isWaiting, resolve } = Promise.withResolvers<void>();
    // The first must hold the lock before the second asks for it.
    const building = async (): Promise<true | string> => existsSync(join(folder, 'go', 'builds')) || 'not yet';
    await waitFor({ for: 'the first to build', timeoutMs: 10_000, probe: building });
    const second = resolvePart('dex', {
      ...context({ PATH }),
      onEvent: (event) => {
        waited.push(event);
        if (event.doing === 'waiting') resolve();
      },
    });
    await isWaiting;
    writeFileSync(until, '');
    expect((await first).source).toBe('build');
    expect((await second).source).toBe('cache');
    expect(
      readFileSync(join(folder, 'go', 'builds'), 'utf8')
        .trim()
        .split('\n'),
    ).toHaveLength(1);
    expect(waited).toEqual([{ part: 'dex', doing: 'waiting', note: 'another process is obtaining it' }]);
  });
});

describe('several parts', () => {
  it('are all looked for, and what is missing is obtained', async () => {
    const LAMPLIGHTER_ETCD = executable(join(folder, 'mine', 'etcd'), 'echo 3.6.8');
    const parts = await resolveParts(['etcd', 'dex'], context({ LAMPLIGHTER_ETCD, PATH: stubGo(join(folder, 'go')) }));
    expect([...parts.values()].map(({ name, source }) => `${name} ${source}`)).toEqual(['etcd explicit', 'dex build']);
  });
});
