/** Owns `pnpm bench`: figures taken in one run, each also as a ratio to something fixed, because machines are noisy. */
import { mkdir, writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { Argument, InvalidArgumentError } from 'commander';
import { median, spread } from './bench/statistics.ts';
import { measureWorlds, type WorldMeasure } from './bench/world.ts';
import { command, givenArguments } from './cli/options.ts';
import { runCommand } from './cli/run.ts';
import { reportsRoot } from './repository.ts';

function parseRounds(text: string): number {
  const rounds = Number(text);
  if (Number.isSafeInteger(rounds) && rounds > 0) return rounds;
  throw new InvalidArgumentError('a whole number from 1 up is wanted.');
}

const options = command('bench', 'Measure, in one run, and print figures with their ratios.')
  .addArgument(new Argument('[what]', 'what to measure').choices(['world']).default('world'))
  .option('--rounds <number>', 'how often each is taken', parseRounds, 5)
  .option('--json', 'print one object for programs')
  .parse(givenArguments(), { from: 'user' })
  .opts<{ rounds: number; json?: true }>();

const measures: readonly WorldMeasure[] = ['bare', 'world:up', 'dev'];

await runCommand(async (signal) => {
  const rounds: Record<WorldMeasure, number>[] = [];
  for (let round = 1; round <= options.rounds; round++) {
    rounds.push(await measureWorlds(signal));
    console.error(`round ${round} of ${options.rounds}`);
  }
  const figures = measures.map((what) => ({
    what,
    ms: spread(rounds.map((round) => round[what])),
    // Each round's own pair: what slowed one slowed the other.
    timesBare: median(rounds.map((round) => round[what] / round.bare)),
  }));
  const result = { benchmark: 'world', cores: cpus().length, rounds: options.rounds, figures };
  await mkdir(reportsRoot, { recursive: true });
  await writeFile(join(reportsRoot, 'bench-world.json'), `${JSON.stringify(result, null, 2)}\n`);
  if (options.json) console.log(JSON.stringify(result, null, 2));
  else {
    for (const { what, ms, timesBare } of figures) {
      const [least, middle, most] = [ms.least, ms.median, ms.most].map((value) => (value / 1000).toFixed(2));
      console.log(
        `${what.padEnd(9)} ${middle} s (${least}–${most})  ${timesBare.toFixed(2)} × bare etcd + kube-apiserver`,
      );
    }
  }
  return 0;
});
