/** Owns the folder that the journeys report to: what they write there, and that nothing else in it is touched. */
import { mkdir, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { Option } from 'commander';
import { reportsRoot } from '../repository.ts';

/** Everything a run of the journeys writes (e2e/playwright.config.ts). */
export const WRITTEN = ['report.json', 'junit.xml', 'html', 'artifacts'] as const;

/** Where they report to when they are not told another place. */
export const journeysReport: string = join(reportsRoot, 'e2e');

export function reportOption(): Option {
  return new Option('--report <dir>', `where ${WRITTEN.join(', ')} go; what else is there stays`)
    .argParser((text) => resolve(text))
    .default(journeysReport);
}

/**
 * Makes the folder, for its owner's eyes alone, or takes an earlier run's report out of one that is there already. Such a one keeps
 * its mode: it may be a person's own. What is written into it is the owner's alone in any case (e2e/playwright.config.ts).
 */
export async function prepareReportFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await Promise.all(WRITTEN.map((name) => rm(join(folder, name), { recursive: true, force: true })));
}
