import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { describeThrown, findGo } from '@lamplighter/testbed';
import { describe, expect, it, type TestContext } from 'vitest';
import { runCommand, scratchFolder, skipBecause, TOOLS } from './scratch.ts';

/** A disk of one megabyte at the folder; skips the test, with the reason, where there can be none. */
function mountSmallDisk(folder: string, ctx: TestContext): Disposable {
  try {
    execFileSync('/bin/mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', folder], { stdio: 'pipe' });
  } catch (thrown) {
    skipBecause(ctx, `a small disk can't be mounted here: ${describeThrown(thrown)}`);
  }
  return { [Symbol.dispose]: () => execFileSync('/bin/umount', [folder]) };
}

describe('obtaining a part on a disk that is full', () => {
  it('ends in one sentence that names the part, the folder and the way out, and leaves nothing half-made', async (ctx) => {
    const go = await findGo(process.env);
    if ('miss' in go) return skipBecause(ctx, go.miss);
    using scratch = scratchFolder();
    using _disk = mountSmallDisk(scratch.root, ctx);
    const env = {
      // No etcd that the machine may happen to have.
      PATH: [...TOOLS, dirname(go.path), '/usr/bin', '/bin'].join(':'),
      LAMPLIGHTER_CACHE: scratch.root,
      LAMPLIGHTER_ETCD: '',
    };
    const { code, stderr } = await runCommand('test.ts', ['--only', 'parts'], env);
    expect(code).toBe(1);
    expect(stderr).toContain(
      'The disk is full: obtaining etcd stopped half-way. Free about 6 GB, or set LAMPLIGHTER_CACHE',
    );
    expect(stderr).toContain(`(now ${scratch.root})`);
    expect(readdirSync(`${scratch.root}/parts/etcd`)).toEqual(['builders']);
  });
});
