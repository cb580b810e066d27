import { TestbedError } from '@lamplighter/testbed';
import { describe, expect, it } from 'vitest';
import { junitOf } from './junit.ts';
import { type Run, runStages } from './run-stages.ts';
import type { Stage } from './stages.ts';

function stage(name: string, run: Stage['run'], needs?: string): Stage {
  return { name, what: `what ${name} proves`, run, ...(needs === undefined ? {} : { needs }) };
}
const passing: Stage['run'] = async () => ({ passed: 3, failed: 0, skipped: [] });

async function ran(
  stages: Stage[],
  signal = new AbortController().signal,
): Promise<{ run: Run; complaints: unknown[] }> {
  const complaints: unknown[] = [];
  const run = await runStages(stages, { signal, say: () => undefined, complain: (thrown) => complaints.push(thrown) });
  return { run, complaints };
}

describe('a run of stages', () => {
  it('goes on after a stage that could not run, tells why and counts one failure', async () => {
    const full = new TestbedError('disk-full', 'The disk is full.');
    const { run, complaints } = await ran([
      stage('parts', async () => {
        throw full;
      }),
      stage('other', passing),
    ]);
    expect(complaints).toEqual([full]);
    expect(run.results.map(({ stage: name, passed, failed }) => [name, passed, failed])).toEqual([
      ['parts', 0, 1],
      ['other', 3, 0],
    ]);
  });

  it('skips what needs a failed stage, and says why', async () => {
    const failing: Stage['run'] = async () => ({ passed: 0, failed: 2, skipped: [] });
    const { run } = await ran([stage('parts', failing), stage('journeys', passing, 'parts')]);
    expect(run.results[1]).toMatchObject({ passed: 0, failed: 0, skipped: ['journeys: parts failed'] });
  });

  it('runs what needs a stage that was not asked for', async () => {
    const { run } = await ran([stage('journeys', passing, 'parts')]);
    expect(run.results[0]).toMatchObject({ passed: 3 });
  });

  it('that is interrupted names the stage, counts nothing of it and begins no other', async () => {
    const interruption = new AbortController();
    const cut: Stage['run'] = async () => {
      interruption.abort(new TestbedError('interrupted', 'Interrupted.'));
      throw interruption.signal.reason;
    };
    const stages = [stage('unit', passing), stage('integration', cut), stage('journeys', passing)];
    const { run, complaints } = await ran(stages, interruption.signal);
    expect(run.interrupted).toBe('integration');
    expect(run.results.map(({ stage: name }) => name)).toEqual(['unit']);
    expect(complaints).toEqual([]);
  });
});

describe('the JUnit form of a run', () => {
  const nothing = { seconds: 1, passed: 0, failed: 0, skipped: [] };

  it('has a suite a stage: passed, failed, skipped with its reason, interrupted', () => {
    const xml = junitOf({
      results: [
        { ...nothing, stage: 'unit', passed: 4 },
        { ...nothing, stage: 'parts', failed: 1 },
        { ...nothing, stage: 'journeys', skipped: ['journeys: "parts" & more failed'] },
      ],
      interrupted: 'last',
    });
    expect(xml).toContain('<testsuite name="unit" tests="1" failures="0" skipped="0" time="1">');
    expect(xml).toContain('<failure message="0 passed, 1 failed, 0 skipped"/>');
    expect(xml).toContain('<skipped message="journeys: &quot;parts&quot; &amp; more failed"/>');
    expect(xml).toMatch(/<testsuite name="last" tests="1" failures="1"[\s\S]*<failure message="interrupted"\/>/);
  });

  it('takes a stage that proved nothing for a failure', () => {
    expect(junitOf({ results: [{ ...nothing, stage: 'unit' }] })).toContain('<failure');
  });
});
