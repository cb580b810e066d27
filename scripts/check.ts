/** Owns `pnpm check`: format, lint, types, boundaries, dead code, house rules and conformance; all are run, and then it says which failed. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { $ } from 'zx';
import { conformanceDocument, conformanceProblems, findProofs } from './check/conformance.ts';
import { houseProblems } from './check/house.ts';
import { command, givenArguments } from './cli/options.ts';
import { runCommand } from './cli/run.ts';
import { repositoryRoot } from './repository.ts';
import { resultLine } from './test/tally.ts';

command('check', 'Run every static check: format, lint, types, boundaries, dead code, house rules.').parse(
  givenArguments(),
  { from: 'user' },
);

interface Check {
  readonly name: string;
  /** Resolves to what is wrong, or to an empty string. */
  readonly run: (signal: AbortSignal) => Promise<string>;
}

function outputUnlessOk(line: string): Check['run'] {
  const [program = '', ...args] = line.split(' ');
  return async (signal) => {
    const result = await $({ cwd: repositoryRoot, quiet: true, nothrow: true, signal })`${program} ${args}`;
    return result.exitCode === 0 ? '' : `${result.stdout}${result.stderr}`;
  };
}

async function readConformance(): Promise<string> {
  const written = readFileSync(join(repositoryRoot, conformanceDocument), 'utf8');
  return conformanceProblems(await findProofs(), written).join('\n');
}

const checks: readonly Check[] = [
  { name: 'format and lint', run: outputUnlessOk('biome check --error-on-warnings .') },
  { name: 'types', run: outputUnlessOk('turbo run check --output-logs=errors-only') },
  { name: 'boundaries', run: outputUnlessOk('turbo boundaries') },
  { name: 'dead code', run: outputUnlessOk('knip') },
  { name: 'house rules', run: async () => (await houseProblems()).join('\n') },
  { name: 'conformance', run: readConformance },
];

await runCommand(async (signal) => {
  let failed = 0;
  for (const { name, run } of checks) {
    const begun = performance.now();
    const wrong = await run(signal);
    signal.throwIfAborted();
    if (wrong !== '') failed++;
    console.log(`${wrong === '' ? '✓' : '✗'} ${name} (${((performance.now() - begun) / 1000).toFixed(1)} s)`);
    if (wrong !== '') console.log(wrong);
  }
  console.log(resultLine({ passed: checks.length - failed, failed, skipped: [] }));
  return failed === 0 ? 0 : 1;
});
