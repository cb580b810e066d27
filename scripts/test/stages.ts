/** Owns the stages of `pnpm test`: what each proves, how it is run, how its results are counted. */
import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { partNames } from '@lamplighter/fixtures';
import { cacheFolderOf, resolveParts } from '@lamplighter/testbed';
import { $ } from 'zx';
import type { Progress } from '../cli/progress.ts';
import { e2eFolder, reportsRoot, repositoryRoot } from '../repository.ts';
import { obtainBrowser } from '../worlds/browser.ts';
import { runNode } from './child.ts';
import { readOutcomes, tallyConformance } from './conformance.ts';
import { runJourneys } from './journeys.ts';
import { journeysReport } from './report-folder.ts';
import { clearScratch } from './scratch.ts';
import { obtainSessionStore } from './session-store.ts';
import { sum, type Tally, tallyVitest } from './tally.ts';
import { UNIT_REPORT, UNIT_TESTED } from './unit.ts';

export interface Stage {
  readonly name: string;
  readonly what: string;
  /** A stage without which this one could only fail: it is skipped when that one failed. */
  readonly needs?: string;
  /** A failure to run at all is thrown. */
  run(progress: Progress, signal: AbortSignal): Promise<Tally>;
}

/** A run that printed no report failed before its first test, which is a failure too. */
function tallyOrFailure(file: string): Tally {
  return existsSync(file) ? tallyVitest(file) : { passed: 0, failed: 1, skipped: [] };
}

const show = (signal: AbortSignal, env: Readonly<Record<string, string>> = {}) =>
  $({
    cwd: repositoryRoot,
    nothrow: true,
    stdio: ['ignore', 'inherit', 'inherit'],
    signal,
    env: { ...process.env, ...env },
  });

const check: Stage = {
  name: 'check',
  what: 'format, lint, types, boundaries, dead code, house rules',
  run: async (_progress, signal) => {
    const { exitCode } = await show(signal)`node scripts/check.ts`;
    return { passed: exitCode === 0 ? 1 : 0, failed: exitCode === 0 ? 0 : 1, skipped: [] };
  },
};

const unit: Stage = {
  name: 'unit',
  what: 'every package by itself, and the builds',
  run: async (progress, signal) => {
    const store = await obtainSessionStore(progress, signal);
    await Promise.all(UNIT_TESTED.map((folder) => rm(join(repositoryRoot, folder, UNIT_REPORT), { force: true })));
    const { exitCode } = await show(
      signal,
      store,
    )`turbo run build test --continue=always --output-logs=errors-only --concurrency=2`;
    const tally = sum(UNIT_TESTED.map((folder) => tallyOrFailure(join(repositoryRoot, folder, UNIT_REPORT))));
    // A build that failed stands in no test report.
    return exitCode !== 0 && tally.failed === 0 ? { ...tally, failed: 1 } : tally;
  },
};

const parts: Stage = {
  name: 'parts',
  what: 'etcd, the control plane, Dex, helm and a browser are there, or are obtained',
  run: async (progress, signal) => {
    const found = await resolveParts(partNames, {
      env: process.env,
      cacheFolder: cacheFolderOf(process.env),
      onEvent: (obtain) => progress.show({ kind: 'obtain', obtain }),
      signal,
    });
    for (const { name, version, source } of found.values()) progress.note(`${name} ${version} (${source})`);
    progress.note(`browser ${await obtainBrowser(progress, signal)}`);
    return { passed: found.size + 1, failed: 0, skipped: [] };
  },
};

const integration: Stage = {
  name: 'integration',
  what: 'the testbed and the server with real parts, without a browser',
  needs: parts.name,
  run: async (progress, signal) => {
    const env = await obtainSessionStore(progress, signal);
    const report = join(reportsRoot, 'integration.json');
    await rm(report, { force: true });
    await clearScratch();
    const reporters = ['--reporter=default', '--reporter=json', '--reporter=junit'];
    const files = [`--outputFile.json=${report}`, `--outputFile.junit=${join(reportsRoot, 'integration.xml')}`];
    const vitest = join(e2eFolder, 'node_modules', 'vitest', 'vitest.mjs');
    await runNode({ args: [vitest, 'run', ...reporters, ...files], cwd: e2eFolder, env, signal });
    return tallyOrFailure(report);
  },
};

const journeys: Stage = {
  name: 'journeys',
  what: 'people in a real browser against a real world',
  needs: parts.name,
  run: (progress, signal) =>
    runJourneys(
      { worldName: `test-${process.pid}`, journeys: [], reportFolder: journeysReport, headed: false },
      progress,
      signal,
    ),
};

const conformance: Stage = {
  name: 'conformance',
  what: 'each security requirement: its tests were run, and passed',
  run: async () => {
    const { lacking, ...tally } = tallyConformance(readOutcomes());
    for (const requirement of lacking) console.log(`✗ ${requirement}`);
    return tally;
  },
};

/** In the order they are run: the cheapest proof first, and what takes long to obtain before what needs it. */
export const stages: readonly Stage[] = [check, unit, parts, integration, journeys, conformance];
