/** Owns counting: what each runner's own JSON report says passed, failed and was skipped, and the one line that ends a run. */
import { readFileSync } from 'node:fs';
import { z } from 'zod';

export interface Tally {
  readonly passed: number;
  readonly failed: number;
  /** Each with its reason, as far as the runner knows one. */
  readonly skipped: readonly string[];
}

export function sum(tallies: readonly Tally[]): Tally {
  return {
    passed: tallies.reduce((total, { passed }) => total + passed, 0),
    failed: tallies.reduce((total, { failed }) => total + failed, 0),
    skipped: tallies.flatMap(({ skipped }) => skipped),
  };
}

/** The line that ends every runner. */
export function resultLine({ passed, failed, skipped }: Tally): string {
  return `${passed} passed, ${failed} failed, ${skipped.length} skipped`;
}

function withReason(title: string, reason: string | undefined): string {
  return reason === undefined ? title : `${title}: ${reason}`;
}

/** Vitest's `json` reporter (https://vitest.dev/guide/reporters.html#json-reporter). */
const vitestReport: z.ZodType<{
  testResults: {
    status: string;
    assertionResults: { fullName: string; status: string; meta?: { skipReason?: string | undefined } | undefined }[];
  }[];
}> = z.object({
  testResults: z.array(
    z.object({
      status: z.string(),
      assertionResults: z.array(
        z.object({
          fullName: z.string(),
          status: z.string(),
          // The reporter knows no reasons; a test that has one writes it there (e2e/integration/scratch.ts).
          meta: z.object({ skipReason: z.string().optional() }).optional(),
        }),
      ),
    }),
  ),
});

/** One test of a report, as far as counting needs it. */
export interface Outcome {
  readonly title: string;
  readonly passed: boolean;
}

/** Every test of Vitest's report. */
export function vitestOutcomes(file: string): readonly Outcome[] {
  const { testResults } = vitestReport.parse(JSON.parse(readFileSync(file, 'utf8')));
  return testResults.flatMap(({ assertionResults }) =>
    assertionResults.map(({ fullName, status }) => ({ title: fullName, passed: status === 'passed' })),
  );
}

/** A file that could not even be loaded holds no test and still counts as one failure. */
export function tallyVitest(file: string): Tally {
  const { testResults } = vitestReport.parse(JSON.parse(readFileSync(file, 'utf8')));
  const tests = testResults.flatMap(({ assertionResults }) => assertionResults);
  const unloadable = testResults.filter(
    ({ status, assertionResults }) => status === 'failed' && assertionResults.length === 0,
  );
  return {
    passed: tests.filter(({ status }) => status === 'passed').length,
    failed: tests.filter(({ status }) => status === 'failed').length + unloadable.length,
    skipped: tests
      .filter(({ status }) => status !== 'passed' && status !== 'failed')
      .map(({ fullName, meta }) => withReason(fullName, meta?.skipReason)),
  };
}

interface PlaywrightSuite {
  suites?: PlaywrightSuite[] | undefined;
  specs?:
    | {
        title: string;
        tests: { status: string; annotations: { type: string; description?: string | undefined }[] }[];
      }[]
    | undefined;
}

const playwrightSuite: z.ZodType<PlaywrightSuite> = z.object({
  get suites() {
    return z.array(playwrightSuite).optional();
  },
  specs: z
    .array(
      z.object({
        title: z.string(),
        tests: z.array(
          z.object({
            status: z.string(),
            annotations: z.array(z.object({ type: z.string(), description: z.string().optional() })),
          }),
        ),
      }),
    )
    .optional(),
});

const playwrightReport: z.ZodType<{ suites: PlaywrightSuite[]; errors: unknown[] }> = z.object({
  suites: z.array(playwrightSuite),
  errors: z.array(z.unknown()),
});

function specsOf(suite: PlaywrightSuite): NonNullable<PlaywrightSuite['specs']> {
  return [...(suite.specs ?? []), ...(suite.suites ?? []).flatMap(specsOf)];
}

/** Every test of Playwright's report. */
export function playwrightOutcomes(file: string): readonly Outcome[] {
  const { suites } = playwrightReport.parse(JSON.parse(readFileSync(file, 'utf8')));
  return suites
    .flatMap(specsOf)
    .flatMap(({ title, tests }) => tests.map(({ status }) => ({ title, passed: status === 'expected' })));
}

/** Playwright's `json` reporter: `expected`, `unexpected`, `flaky`, `skipped`; a flaky test is a failure here. */
export function tallyPlaywright(file: string): Tally {
  const { suites, errors } = playwrightReport.parse(JSON.parse(readFileSync(file, 'utf8')));
  const tests = suites.flatMap(specsOf).flatMap(({ title, tests: runs }) => runs.map((run) => ({ title, ...run })));
  const skipped = tests.filter(({ status }) => status === 'skipped');
  return {
    passed: tests.filter(({ status }) => status === 'expected').length,
    failed: tests.filter(({ status }) => status === 'unexpected' || status === 'flaky').length + errors.length,
    skipped: skipped.map(({ title, annotations }) =>
      withReason(title, annotations.find(({ type }) => type === 'skip')?.description),
    ),
  };
}
