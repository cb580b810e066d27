import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { createProgress } from './progress.ts';

function shown(show: (progress: ReturnType<typeof createProgress>) => void): string[] {
  const out = new PassThrough();
  using progress = createProgress(out);
  show(progress);
  return String(out.read() ?? '')
    .trimEnd()
    .split('\n');
}

describe('progress where there is no terminal', () => {
  it('says once what is waited for, how long that usually takes, and then that it is done', () => {
    const building = { part: 'dex', doing: 'building', usualSeconds: 50 } as const;
    const lines = shown((progress) => {
      progress.show({ kind: 'obtain', obtain: { ...building, note: '0 of about 448 packages compiled' } });
      progress.show({ kind: 'obtain', obtain: { ...building, note: '7 of about 448 packages compiled' } });
      progress.show({ kind: 'obtain', obtain: { part: 'dex', doing: 'obtained', note: 'built' } });
    });
    expect(lines).toEqual([
      '… building dex: 0 of about 448 packages compiled, usually 50 s on two idle cores',
      expect.stringMatching(/^✓ dex built in \d+\.\d s$/),
    ]);
  });

  it('names each part that is ready, and the end of the whole', () => {
    const lines = shown((progress) => {
      progress.show({ kind: 'parts', parts: [{ name: 'etcd', version: '3.6.8', source: 'cache' }] });
      progress.show({ kind: 'ready', what: 'etcd', sinceStartMs: 120 });
      progress.show({ kind: 'up' });
    });
    expect(lines).toEqual([
      '✓ parts: etcd 3.6.8 (cache)',
      '… starting the world',
      '✓ etcd after 0.1 s',
      expect.stringMatching(/^✓ the world is up in /),
    ]);
  });

  it('says why what was begun came to nothing', () => {
    const lines = shown((progress) => {
      progress.begin('looking for a server');
      progress.gaveUp('looking for a server', 'there is none');
    });
    expect(lines).toEqual(['… looking for a server', '! there is none']);
  });

  it('tells of damage and of what was cleared', () => {
    const lines = shown((progress) => {
      progress.show({
        kind: 'obtain',
        obtain: { part: 'dex', doing: 'repairing', note: 'the cached dex was damaged' },
      });
      progress.show({ kind: 'swept', worlds: ['old'] });
    });
    expect(lines).toEqual(['! the cached dex was damaged', '✓ cleared what was left of: old']);
  });
});
