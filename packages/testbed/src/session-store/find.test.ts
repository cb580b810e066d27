import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { onPath } from '../parts/find.ts';
import { findRedis, obtainRedis } from './find.ts';

let folder: string;
let told: string[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'redis-'));
  told = [];
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function executable(path: string, script: string): string {
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, `#!/bin/sh\n${script}\n`);
  chmodSync(path, 0o755);
  return path;
}

const env = (more: Record<string, string> = {}): Record<string, string> => ({
  PATH: join(folder, 'path'),
  LAMPLIGHTER_CACHE: join(folder, 'cache'),
  ...more,
});
const obtain = (more?: Record<string, string>): Promise<string> =>
  obtainRedis(env(more), (how) => told.push(how), new AbortController().signal);
const cacheOf = (): string => join(folder, 'cache', 'parts', 'redis');

/**
 * A PATH with stand-ins for the package tools: real programs that answer as those do. Nothing else is on it but what they need, so
 * that no server of this machine's is found. Without lists `apt-get` knows no package.
 */
async function packageTools({ lists = true, version = 'Redis server v=7.0.15 sha=0' } = {}): Promise<string> {
  const bin = join(folder, 'bin');
  mkdirSync(bin);
  for (const tool of ['mkdir', 'touch', 'chmod', 'dirname']) {
    symlinkSync((await onPath(tool, process.env)) ?? tool, join(bin, tool));
  }
  executable(
    join(bin, 'apt-get'),
    `echo "$@" >> "${folder}/asked"
case "$*" in
  *update*) touch "${folder}/updated" ;;
  *--simulate*) ${lists ? '' : `[ -e "${folder}/updated" ] || exit 100`}
    echo 'Inst liblzf1 (3.6-3 Debian:12/oldstable [amd64])'; echo 'Conf liblzf1 (3.6-3)' ;;
  *download*) echo redis > redis-server.deb; echo lzf > liblzf1.deb ;;
esac`,
  );
  executable(
    join(bin, 'dpkg-deb'),
    `mkdir -p "$3/usr/bin" "$3/usr/lib/x86_64-linux-gnu"
case "$2" in
  *redis-server.deb) printf '#!/bin/sh\\necho "%s" "$LD_LIBRARY_PATH"\\n' '${version}' > "$3/usr/bin/redis-server"; chmod 755 "$3/usr/bin/redis-server" ;;
  *) touch "$3/usr/lib/x86_64-linux-gnu/liblzf.so.1" ;;
esac`,
  );
  return bin;
}

describe('the order in which a Redis server is looked for', () => {
  it('takes the one the environment names before one on PATH', async () => {
    const LAMPLIGHTER_REDIS = executable(join(folder, 'mine', 'keydb'), 'true');
    executable(join(folder, 'path', 'redis-server'), 'true');
    expect(await findRedis(env({ LAMPLIGHTER_REDIS }))).toBe(LAMPLIGHTER_REDIS);
  });

  it('refuses a named one that is not there instead of taking another', async () => {
    executable(join(folder, 'path', 'redis-server'), 'true');
    await expect(findRedis(env({ LAMPLIGHTER_REDIS: join(folder, 'gone') }))).rejects.toThrow(
      `LAMPLIGHTER_REDIS names ${join(folder, 'gone')}, which is not an executable file`,
    );
  });

  it('takes Valkey before Redis on PATH, and nothing that is nowhere', async () => {
    expect(await findRedis(env())).toBeUndefined();
    const redis = executable(join(folder, 'path', 'redis-server'), 'true');
    expect(await findRedis(env())).toBe(redis);
    const valkey = executable(join(folder, 'path', 'valkey-server'), 'true');
    expect(await findRedis(env())).toBe(valkey);
  });
});

describe('a Redis server that is nowhere', () => {
  it('is taken out of the packages with the libraries that are lacking, and found the next time', async () => {
    const PATH = await packageTools();
    const path = await obtain({ PATH });
    expect(path).toMatch(/redis-server$/);
    expect(execFileSync(path, ['--version'], { encoding: 'utf8' })).toMatch(
      /^Redis server v=7.0.15 .*\/root\/usr\/lib\/x86_64-linux-gnu/,
    );
    expect(readFileSync(join(folder, 'asked'), 'utf8')).toMatch(/download redis-server redis-tools liblzf1$/m);
    expect(told).toHaveLength(1);
    expect(await obtain()).toBe(path);
    expect(told).toHaveLength(1);
    expect(readdirSync(cacheOf())).not.toContain('half-made');
  });

  it('is taken with package lists of our own where the machine has none', async () => {
    expect(await obtain({ PATH: await packageTools({ lists: false }) })).toMatch(/redis-server$/);
    expect(readFileSync(join(folder, 'asked'), 'utf8')).toMatch(/Dir::State::Lists=\S+half-made.* update/);
  });

  it('that does not run once unpacked is not kept', async () => {
    await expect(obtain({ PATH: await packageTools({ version: 'something else' }) })).rejects.toMatchObject({
      code: 'part-unavailable',
      details: expect.stringContaining('is no Redis server'),
    });
    expect(readdirSync(cacheOf())).toEqual(['builders']);
  });
});

describe('a machine without package tools', () => {
  it('is told how to come by a Redis server', async () => {
    await expect(obtain()).rejects.toThrow(/Install one .*, or set LAMPLIGHTER_REDIS to its path/);
  });
});
