/** Owns `pnpm bench`: figures taken in one run, each also as a ratio to something fixed, because machines are noisy. */
import { mkdir, writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { Argument, InvalidArgumentError } from 'commander';
import { measureLogin } from './bench/login.ts';
import { loginLines, worldLines } from './bench/print.ts';
import { benchedStores } from './bench/stores.ts';
import { measureWorldRounds } from './bench/world.ts';
import { command, givenArguments } from './cli/options.ts';
import { runCommand } from './cli/run.ts';
import { reportsRoot } from './repository.ts';

function parseRounds(text: string): number {
  const rounds = Number(text);
  if (Number.isSafeInteger(rounds) && rounds > 0) return rounds;
  throw new InvalidArgumentError('a whole number from 1 up is wanted.');
}

type Benchmark = 'world' | 'login';

const bench = command('bench', 'Measure, in one run, and print figures with their ratios.')
  .addArgument(new Argument('[what]', 'what to measure').choices(['world', 'login']).default('world'))
  .option('--rounds <number>', 'how often each part of `world` is taken', parseRounds, 5)
  .option('--json', 'print one object for programs')
  .parse(givenArguments(), { from: 'user' });
const options = bench.opts<{ rounds: number; json?: true }>();
// The argument's choices are these two.
const what = bench.processedArgs[0] as Benchmark;

interface Measured {
  readonly figures: object;
  readonly lines: readonly string[];
}

const tell = (line: string): void => console.error(line);

const MEASURES: Readonly<Record<Benchmark, (signal: AbortSignal) => Promise<Measured>>> = {
  world: async (signal) => {
    const figures = await measureWorldRounds(options.rounds, tell, signal);
    return { figures: { rounds: options.rounds, figures }, lines: worldLines(figures) };
  },
  login: async (signal) => {
    await using stores = await benchedStores();
    const figures = await measureLogin(stores.flags, tell, signal);
    return { figures, lines: loginLines(figures) };
  },
};

await runCommand(async (signal) => {
  const { figures, lines } = await MEASURES[what](signal);
  const result = { benchmark: what, cores: cpus().length, ...figures };
  await mkdir(reportsRoot, { recursive: true });
  await writeFile(join(reportsRoot, `bench-${what}.json`), `${JSON.stringify(result, null, 2)}\n`);
  if (options.json) console.log(JSON.stringify(result, null, 2));
  else for (const line of lines) console.log(line);
  return 0;
});
