/** Owns `pnpm test`: everything that proves the project, from a fresh machine, in the order in which a failure is cheapest. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { TestbedError } from '@lamplighter/testbed';
import { command, givenArguments } from './cli/options.ts';
import { createProgress } from './cli/progress.ts';
import { runCommand } from './cli/run.ts';
import { reportsRoot } from './repository.ts';
import { type Stage, stages } from './test/stages.ts';
import { resultLine, sum, type Tally } from './test/tally.ts';

const options = command('test', 'Run everything that proves the project; what is missing is installed or built first.')
  .option('--only <stages>', `only these, by name: ${stages.map(({ name }) => name).join(',')}`, (text: string) =>
    text.split(','),
  )
  .parse(givenArguments(), { from: 'user' })
  .opts<{ only?: string[] }>();

interface Result extends Tally {
  readonly stage: string;
  readonly seconds: number;
}

async function runStage(stage: Stage, signal: AbortSignal): Promise<Result> {
  using progress = createProgress();
  console.log(`\n── ${stage.name}: ${stage.what}`);
  const begun = performance.now();
  const tally = await stage.run(progress, signal);
  const seconds = Math.round((performance.now() - begun) / 100) / 10;
  console.log(`── ${stage.name}: ${resultLine(tally)} in ${seconds} s`);
  return { stage: stage.name, seconds, ...tally };
}

await runCommand(async (signal) => {
  const unknown = options.only?.find((name) => !stages.some((stage) => stage.name === name));
  if (unknown !== undefined) {
    const known = stages.map(({ name }) => name).join(', ');
    throw new TestbedError('bad-input', `There is no stage "${unknown}": choose from ${known}.`);
  }
  const chosen = stages.filter(({ name }) => options.only?.includes(name) ?? true);
  const results: Result[] = [];
  // A failed stage stops none of the others: one run says all that is wrong.
  for (const stage of chosen) {
    signal.throwIfAborted();
    results.push(await runStage(stage, signal));
  }
  const total = sum(results);
  await mkdir(reportsRoot, { recursive: true });
  await writeFile(join(reportsRoot, 'test.json'), `${JSON.stringify({ ...total, stages: results }, null, 2)}\n`);
  for (const skipped of total.skipped) console.log(`skipped: ${skipped}`);
  console.log(`\n${resultLine(total)}`);
  return total.failed === 0 && total.passed > 0 ? 0 : 1;
});
