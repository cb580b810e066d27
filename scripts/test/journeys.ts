/** Owns running Playwright's journeys against a world, and what they leave for people and programs to read. */
import { spawn } from 'node:child_process';
import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { TestbedError, tiedToOurLife } from '@lamplighter/testbed';
import type { Progress } from '../cli/progress.ts';
import { e2eFolder } from '../repository.ts';
import { buildPage } from '../target/page.ts';
import { attachedWorld } from '../worlds/attached.ts';
import { obtainBrowser } from '../worlds/browser.ts';
import { type Tally, tallyPlaywright } from './tally.ts';

export interface JourneyPlan {
  /** A running world's, or that of the one to start. */
  readonly worldName: string;
  /** Only these journeys, by file name without ending; all when empty. */
  readonly journeys: readonly string[];
  /** Gets report.json, junit.xml and html/. */
  readonly reportFolder: string;
  readonly headed: boolean;
}

function runPlaywright(plan: JourneyPlan, env: Record<string, string>, signal: AbortSignal): Promise<number | null> {
  const cli = join(e2eFolder, 'node_modules', '@playwright', 'test', 'cli.js');
  const files = plan.journeys.map((name) => `journeys/${name}${JOURNEY}`);
  const [command, args] = tiedToOurLife(process.execPath, [
    cli,
    'test',
    ...files,
    ...(plan.headed ? ['--headed'] : []),
  ]);
  const child = spawn(command, args, {
    cwd: e2eFolder,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'inherit', 'inherit'],
    signal,
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', resolve);
  });
}

const JOURNEY = '.spec.ts';

/** @throws TestbedError `bad-input` for a journey that does not exist, before anything is started. */
async function refuseUnknown(journeys: readonly string[]): Promise<void> {
  const files = await readdir(join(e2eFolder, 'journeys'));
  const known = files.filter((file) => file.endsWith(JOURNEY)).map((file) => file.slice(0, -JOURNEY.length));
  const unknown = journeys.find((name) => !known.includes(name));
  if (unknown === undefined) return;
  throw new TestbedError('bad-input', `There is no journey "${unknown}": choose from ${known.sort().join(', ')}.`);
}

/** Runs the journeys; the world is this run's own unless one of that name is running already. */
export async function runJourneys(plan: JourneyPlan, progress: Progress, signal: AbortSignal): Promise<Tally> {
  await refuseUnknown(plan.journeys);
  await buildPage(progress, signal);
  const browser = await obtainBrowser(progress, signal);
  await rm(plan.reportFolder, { recursive: true, force: true });
  await mkdir(plan.reportFolder, { recursive: true });
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
  await Promise.race([runPlaywright(plan, env, AbortSignal.any([signal, deathEnds.signal])), death]);
  return tallyPlaywright(join(plan.reportFolder, 'report.json'));
}
