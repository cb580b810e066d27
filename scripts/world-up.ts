/** Owns `pnpm world:up`: a world that stays when the command has ended. */
import { command, givenArguments, nameOption, providerOption, runtimeOption } from './cli/options.ts';
import { createProgress } from './cli/progress.ts';
import { runCommand } from './cli/run.ts';
import { buildPage } from './target/page.ts';
import { detachedWorld } from './worlds/detached.ts';
import { worldSummary } from './worlds/summary.ts';

const options = command('world:up', 'Bring a world up and leave it running: cluster, provider, people, target.')
  .addOption(nameOption('default'))
  .addOption(runtimeOption())
  .addOption(providerOption())
  .option('--json', 'print one object for programs, and nothing else on standard output')
  .parse(givenArguments(), { from: 'user' })
  .opts<{ name: string; json?: true }>();

await runCommand(async (signal) => {
  using progress = createProgress();
  await buildPage(progress, signal);
  const world = await detachedWorld(options.name, progress, signal);
  console.log(options.json ? JSON.stringify(world, null, 2) : worldSummary(world));
  return 0;
});
