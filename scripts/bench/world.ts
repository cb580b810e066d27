/** Owns the measure of how long a person waits for a world: the bare pair, `world:up` and `pnpm dev`, taken in turn in one run. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { worldPartNames } from '@lamplighter/fixtures';
import {
  cacheFolderOf,
  endWorld,
  resolveParts,
  startBareControlPlane,
  TestbedError,
  tiedToOurLife,
} from '@lamplighter/testbed';
import { repositoryRoot, worldsRoot } from '../repository.ts';
import type { WorldFigure } from './print.ts';
import { median, spread } from './statistics.ts';

type WorldMeasure = 'bare' | 'world:up' | 'dev';
const MEASURES: readonly WorldMeasure[] = ['bare', 'world:up', 'dev'];

/** The last line of a command that a person waits for. */
const READY_LINE = { 'world:up': /kubeconfig {2}/, dev: /Ready in/ } as const;

/** From the command's start to the line that says it is ready; then it is ended. */
async function timeCommand(
  script: string,
  args: readonly string[],
  ready: RegExp,
  signal: AbortSignal,
): Promise<number> {
  const begun = performance.now();
  const [command, rest] = tiedToOurLife(process.execPath, [join(repositoryRoot, 'scripts', script), ...args]);
  const child = spawn(command, rest, { cwd: repositoryRoot, stdio: ['ignore', 'pipe', 'pipe'], signal });
  const exited = new Promise((resolve) => child.once('exit', resolve));
  let output = '';
  const took = await new Promise<number>((resolve, reject) => {
    const read = (chunk: Buffer): void => {
      output += chunk.toString();
      if (ready.test(output)) resolve(performance.now() - begun);
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    void exited.then(() =>
      reject(new TestbedError('part-died', `${script} ended before it was ready.`, { details: output })),
    );
  });
  child.kill('SIGINT');
  await exited;
  return took;
}

async function timeBare(name: string, signal: AbortSignal): Promise<number> {
  const context = { env: process.env, cacheFolder: cacheFolderOf(process.env), onEvent: () => undefined, signal };
  const parts = await resolveParts(worldPartNames, context);
  await using bare = await startBareControlPlane(worldsRoot, name, parts, signal);
  return bare.readyAfterMs;
}

/** One round: each thing once, in this order. Milliseconds. */
async function measureWorlds(signal: AbortSignal): Promise<Record<WorldMeasure, number>> {
  const name = `bench-${process.pid}`;
  const bare = await timeBare(name, signal);
  const args = ['--name', name];
  try {
    const up = await timeCommand(
      'world-up.ts',
      [...args, '--with-process', String(process.pid)],
      READY_LINE['world:up'],
      signal,
    );
    await endWorld(worldsRoot, name);
    const dev = await timeCommand('dev.ts', args, READY_LINE.dev, signal);
    return { bare, 'world:up': up, dev };
  } finally {
    await endWorld(worldsRoot, name);
  }
}

/** @param tell - hears of each round. */
export async function measureWorldRounds(
  count: number,
  tell: (line: string) => void,
  signal: AbortSignal,
): Promise<readonly WorldFigure[]> {
  const rounds: Record<WorldMeasure, number>[] = [];
  for (let round = 1; round <= count; round++) {
    rounds.push(await measureWorlds(signal));
    tell(`round ${round} of ${count}`);
  }
  return MEASURES.map((what) => ({
    what,
    ms: spread(rounds.map((round) => round[what])),
    // Each round's own pair: what slowed one slowed the other.
    timesBare: median(rounds.map((round) => round[what] / round.bare)),
  }));
}
