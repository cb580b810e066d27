/** Owns `pnpm world:down`: the end of a world, whoever started it. */
import { endWorld, runningWorlds, sweep } from '@lamplighter/testbed';
import { command, givenArguments, nameOption } from './cli/options.ts';
import { runCommand } from './cli/run.ts';
import { worldsRoot } from './repository.ts';

const options = command('world:down', 'End a world and take everything it left away.')
  .addOption(nameOption('default'))
  .option('--all', 'end every world of this checkout')
  .option('--json', 'print one object for programs')
  .parse(givenArguments(), { from: 'user' })
  .opts<{ name: string; all?: true; json?: true }>();

await runCommand(async () => {
  const names = options.all ? runningWorlds(worldsRoot).map(({ name }) => name) : [options.name];
  const ended: string[] = [];
  if (options.all) ended.push(...(await sweep(worldsRoot)));
  for (const name of names) if (await endWorld(worldsRoot, name)) ended.push(name);
  if (options.json) console.log(JSON.stringify({ ended }));
  else if (ended.length > 0) console.log(`Ended: ${ended.join(', ')}.`);
  else console.log(options.all ? 'No world is running.' : `No world named "${options.name}" is running.`);
  return 0;
});
