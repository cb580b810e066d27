/** Owns running Playwright's journeys against a world, and what they leave for people and programs to read. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { World } from '@lamplighter/fixtures';
import { TestbedError, worldAt } from '@lamplighter/testbed';
import type { Progress } from '../cli/progress.ts';
import { e2eFolder } from '../repository.ts';
import { attachedWorld } from '../worlds/attached.ts';
import { obtainBrowser } from '../worlds/browser.ts';
import { runNode } from './child.ts';
import { leaksIn } from './leaks.ts';
import { prepareReportFolder } from './report-folder.ts';
import { type Tally, tallyPlaywright } from './tally.ts';

export interface JourneyPlan {
  /** A running world's, or that of the one to start. */
  readonly worldName: string;
  /** Only these journeys, by file name without ending; all when empty. */
  readonly journeys: readonly string[];
  /** Gets what `WRITTEN` names; what else is in it stays. */
  readonly reportFolder: string;
  readonly headed: boolean;
}

const JOURNEY = '.spec.ts';

function runPlaywright(plan: JourneyPlan, env: Record<string, string>, signal: AbortSignal): Promise<number | null> {
  const cli = join(e2eFolder, 'node_modules', '@playwright', 'test', 'cli.js');
  const files = plan.journeys.map((name) => `journeys/${name}${JOURNEY}`);
  return runNode({
    args: [cli, 'test', ...files, ...(plan.headed ? ['--headed'] : [])],
    cwd: e2eFolder,
    env,
    signal,
  });
}

/** @throws TestbedError `bad-input` for a journey that does not exist, before anything is started. */
async function refuseUnknown(journeys: readonly string[]): Promise<void> {
  const files = await readdir(join(e2eFolder, 'journeys'));
  const known = files.filter((file) => file.endsWith(JOURNEY)).map((file) => file.slice(0, -JOURNEY.length));
  const unknown = journeys.find((name) => !known.includes(name));
  if (unknown === undefined) return;
  throw new TestbedError('bad-input', `There is no journey "${unknown}": choose from ${known.sort().join(', ')}.`);
}

function clientSecretOf(world: World): string {
  const ready = worldAt(world.dir);
  if (ready === undefined)
    throw new TestbedError('world-unknown', `World "${world.name}" was gone before its journeys.`);
  return ready.secrets.clientSecret;
}

/**
 * Runs the journeys; the world is this run's own unless one of that name is running already. A report that holds a secret is a
 * failure too.
 */
export async function runJourneys(plan: JourneyPlan, progress: Progress, signal: AbortSignal): Promise<Tally> {
  await refuseUnknown(plan.journeys);
  const browser = await obtainBrowser(progress, signal);
  await prepareReportFolder(plan.reportFolder);
  await using attached = await attachedWorld(plan.worldName, progress, signal);
  const env = {
    LAMPLIGHTER_WORLD: attached.world.dir,
    LAMPLIGHTER_BROWSER: browser,
    LAMPLIGHTER_REPORT: plan.reportFolder,
  };
  const deathEnds = new AbortController();
  const death = attached.died.then((died) => {
    deathEnds.abort();
    throw died;
  });
  const clientSecret = clientSecretOf(attached.world);
  await Promise.race([runPlaywright(plan, env, AbortSignal.any([signal, deathEnds.signal])), death]);
  const tally = tallyPlaywright(join(plan.reportFolder, 'report.json'));
  const leaks = await leaksIn(plan.reportFolder, clientSecret);
  for (const leak of leaks) console.error(`✗ the report's ${leak}`);
  return { ...tally, failed: tally.failed + leaks.length };
}
