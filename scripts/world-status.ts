/** Owns `pnpm world:status`: which worlds run, and whether all their parts still do. */
import { type RunningWorld, runningWorld, runningWorlds } from '@lamplighter/testbed';
import { command, givenArguments } from './cli/options.ts';
import { runCommand } from './cli/run.ts';
import { worldsRoot } from './repository.ts';

const options = command('world:status', 'Show the running worlds of this checkout. Exits 1 when one has lost a part.')
  .option('--name <world>', 'only this one; exits 1 when it is not running')
  .option('--json', 'print one object for programs')
  .parse(givenArguments(), { from: 'user' })
  .opts<{ name?: string; json?: true }>();

function describe(running: RunningWorld): string {
  const parts = running.parts.map(({ name, pid, alive }) => `${name} ${alive ? `(${pid})` : '(DEAD)'}`);
  const where = running.world ? running.world.target.url : 'still coming up';
  return `${running.name}  ${where}\n  owner ${running.ownerPid}; ${parts.join(', ')}`;
}

await runCommand(async () => {
  const { name } = options;
  const worlds =
    name === undefined
      ? runningWorlds(worldsRoot)
      : [runningWorld(worldsRoot, name)].filter((found) => found !== undefined);
  if (options.json) {
    const rows = worlds.map((running) => ({
      name: running.name,
      ownerPid: running.ownerPid,
      world: running.world ?? null,
      parts: running.parts,
    }));
    console.log(JSON.stringify({ worlds: rows }, null, 2));
  } else if (worlds.length > 0) console.log(worlds.map(describe).join('\n'));
  else console.log(name === undefined ? 'No world is running.' : `No world named "${name}" is running.`);
  const whole = worlds.every((running) => running.parts.every(({ alive }) => alive));
  return whole && (name === undefined || worlds.length > 0) ? 0 : 1;
});
