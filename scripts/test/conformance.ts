/** Owns what became of the requirements' tests: read from the runners' own reports, by the ids in the titles. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { requirements } from '@lamplighter/fixtures';
import type { Results } from '../check/conformance.ts';
import { reportsRoot, repositoryRoot } from '../repository.ts';
import { journeysReport } from './report-folder.ts';
import { type Outcome, playwrightOutcomes, type Tally, vitestOutcomes } from './tally.ts';
import { UNIT_REPORT, UNIT_TESTED } from './unit.ts';

const IDS = / \[(C\d+(?:, ?C\d+)*)\]$/;

/** Every test of the last run of each runner. */
export function readOutcomes(): readonly Outcome[] {
  const vitest = [
    ...UNIT_TESTED.map((folder) => join(repositoryRoot, folder, UNIT_REPORT)),
    join(reportsRoot, 'integration.json'),
  ];
  const journeys = join(journeysReport, 'report.json');
  return [
    ...vitest.filter((file) => existsSync(file)).flatMap(vitestOutcomes),
    ...(existsSync(journeys) ? playwrightOutcomes(journeys) : []),
  ];
}

/** By requirement, for those that have any: `3 of 3 passed`. */
export function resultsOf(outcomes: readonly Outcome[]): Results {
  const results = new Map<string, string>();
  for (const { id } of requirements) {
    const own = outcomes.filter(({ title }) => IDS.exec(title)?.[1]?.split(/, ?/).includes(id));
    if (own.length > 0) results.set(id, `${own.filter(({ passed }) => passed).length} of ${own.length} passed`);
  }
  return results;
}

/** A requirement that is due counts as one test: it passes when all tests that carry its id ran and passed. */
export function tallyConformance(outcomes: readonly Outcome[]): Tally & { readonly lacking: readonly string[] } {
  const results = resultsOf(outcomes);
  const due = requirements.filter((requirement) => requirement.due === 'now').map(({ id }) => id);
  const lacking = due.filter((id) => {
    const [, passed, all] = /^(\d+) of (\d+)/.exec(results.get(id) ?? '') ?? [];
    return passed === undefined || passed !== all;
  });
  return {
    passed: due.length - lacking.length,
    failed: lacking.length,
    skipped: [],
    lacking: lacking.map((id) => `${id}: ${results.get(id) ?? 'no test ran'}`),
  };
}
