/** Owns `pnpm world:up`: a world that stays when the command has ended. */
import { InvalidArgumentError } from 'commander';
import { command, givenArguments, nameOption, providerOption, runtimeOption } from './cli/options.ts';
import { createProgress } from './cli/progress.ts';
import { runCommand } from './cli/run.ts';
import { detachedWorld } from './worlds/detached.ts';
import { worldSummary } from './worlds/summary.ts';

function parsePid(text: string): number {
  const pid = Number(text);
  if (Number.isSafeInteger(pid) && pid > 1) return pid;
  throw new InvalidArgumentError('a process id is wanted.');
}

const options = command('world:up', 'Bring a world up and leave it running: cluster, provider, people, target.')
  .addOption(nameOption('default'))
  .addOption(runtimeOption())
  .addOption(providerOption())
  .option('--with-process <pid>', 'end it when that process has ended, for scripts and CI jobs', parsePid)
  .option('--json', 'print one object for programs, and nothing else on standard output')
  .parse(givenArguments(), { from: 'user' })
  .opts<{ name: string; withProcess?: number; json?: true }>();

await runCommand(async (signal) => {
  using progress = createProgress();
  const { name, withProcess } = options;
  const plan = { name, ...(withProcess === undefined ? {} : { withProcess }) };
  const world = await detachedWorld(plan, progress, signal);
  console.log(options.json ? JSON.stringify(world, null, 2) : worldSummary(world));
  return 0;
});
