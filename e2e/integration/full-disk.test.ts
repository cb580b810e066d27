import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runCommand } from './scratch.ts';

/** Mounting a small disk needs root on Linux. */
const canMount = process.platform === 'linux' && process.getuid?.() === 0;

describe('obtaining a part on a disk that is full', () => {
  it.runIf(canMount)(
    'ends in one sentence that names the part, the folder and the way out, and leaves nothing half-made',
    async () => {
      const disk = mkdtempSync(join(tmpdir(), 'lamplighter-disk-'));
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', disk]);
      try {
        const env = { LAMPLIGHTER_CACHE: disk, LAMPLIGHTER_ETCD: '' };
        const { code, stderr } = await runCommand('test.ts', ['--only', 'parts'], env);
        expect(code).toBe(1);
        expect(stderr).toMatch(
          new RegExp(
            `The disk is full: obtaining etcd stopped half-way\\. Free about 6 GB, or set LAMPLIGHTER_CACHE \\(now ${disk}\\)`,
          ),
        );
        expect(readdirSync(join(disk, 'parts', 'etcd'))).toEqual(['builders']);
      } finally {
        execFileSync('umount', [disk]);
        rmSync(disk, { recursive: true });
      }
    },
  );
});
