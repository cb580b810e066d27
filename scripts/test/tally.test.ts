import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { resultLine, sum, tallyPlaywright, tallyVitest } from './tally.ts';

let file: string;
beforeEach(() => {
  file = join(mkdtempSync(join(tmpdir(), 'tally-')), 'report.json');
});
afterEach(() => rmSync(join(file, '..'), { recursive: true }));

const write = (report: unknown): void => writeFileSync(file, JSON.stringify(report));

describe('counting', () => {
  it("takes Vitest's tests by their status, and a file that could not be loaded for a failure, a skipped one with its reason", () => {
    write({
      testResults: [
        {
          status: 'failed',
          assertionResults: [
            { fullName: 'one', status: 'passed' },
            { fullName: 'two', status: 'failed' },
            { fullName: 'three', status: 'skipped' },
            { fullName: 'four', status: 'skipped', meta: { skipReason: 'no disk' } },
          ],
        },
        { status: 'failed', assertionResults: [] },
      ],
    });
    expect(tallyVitest(file)).toEqual({ passed: 1, failed: 2, skipped: ['three', 'four: no disk'] });
  });

  it("takes Playwright's journeys however deep they stand, a flaky one for a failure, a skipped one with its reason", () => {
    const spec = (title: string, status: string, reason?: string) => ({
      title,
      tests: [{ status, annotations: reason === undefined ? [] : [{ type: 'skip', description: reason }] }],
    });
    write({
      errors: [],
      suites: [
        {
          specs: [spec('top', 'expected')],
          suites: [
            { specs: [spec('deep', 'unexpected'), spec('shaky', 'flaky'), spec('out', 'skipped', 'no camera')] },
          ],
        },
      ],
    });
    expect(tallyPlaywright(file)).toEqual({ passed: 1, failed: 2, skipped: ['out: no camera'] });
  });

  it('takes a Playwright run that could not begin for a failure', () => {
    write({ errors: [{ message: 'no tests found' }], suites: [] });
    expect(tallyPlaywright(file)).toEqual({ passed: 0, failed: 1, skipped: [] });
  });

  it('adds runs up and ends them in one line', () => {
    const total = sum([
      { passed: 2, failed: 0, skipped: ['a'] },
      { passed: 3, failed: 1, skipped: [] },
    ]);
    expect(resultLine(total)).toBe('5 passed, 1 failed, 1 skipped');
  });
});
