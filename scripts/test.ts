/** Owns `pnpm test`: everything that proves the project, from a fresh machine, in the order in which a failure is cheapest. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { TestbedError } from '@lamplighter/testbed';
import { command, givenArguments } from './cli/options.ts';
import { report, runCommand } from './cli/run.ts';
import { reportsRoot } from './repository.ts';
import { junitOf } from './test/junit.ts';
import { type Run, runStages } from './test/run-stages.ts';
import { stages } from './test/stages.ts';
import { resultLine, sum } from './test/tally.ts';

const options = command('test', 'Run everything that proves the project; what is missing is installed or built first.')
  .option('--only <stages>', `only these, by name: ${stages.map(({ name }) => name).join(',')}`, (text: string) =>
    text.split(','),
  )
  .parse(givenArguments(), { from: 'user' })
  .opts<{ only?: string[] }>();

async function writeReports(run: Run): Promise<void> {
  await mkdir(reportsRoot, { recursive: true });
  const { results: stages, interrupted } = run;
  const report = { ...sum(stages), ...(interrupted === undefined ? {} : { interrupted }), stages };
  await writeFile(join(reportsRoot, 'test.json'), `${JSON.stringify(report, null, 2)}\n`);
  await writeFile(join(reportsRoot, 'test.xml'), junitOf(run));
}

await runCommand(async (signal) => {
  const unknown = options.only?.find((name) => !stages.some((stage) => stage.name === name));
  if (unknown !== undefined) {
    const known = stages.map(({ name }) => name).join(', ');
    throw new TestbedError('bad-input', `There is no stage "${unknown}": choose from ${known}.`);
  }
  const chosen = stages.filter(({ name }) => options.only?.includes(name) ?? true);
  const run = await runStages(chosen, { signal, say: console.log, complain: report });
  await writeReports(run);
  const total = sum(run.results);
  for (const skipped of total.skipped) console.log(`skipped: ${skipped}`);
  if (run.interrupted !== undefined) {
    console.log(`\nInterrupted in ${run.interrupted}; before it: ${resultLine(total)}`);
    return 1;
  }
  console.log(`\n${resultLine(total)}`);
  return total.failed === 0 && total.passed > 0 ? 0 : 1;
});
