/** Owns `pnpm world:token`: a fresh service-account token of one of a world's people, for the token page or for kubectl. */
import { people, serviceAccountNamespace } from '@lamplighter/fixtures';
import { clusterClient, runningWorld, runningWorlds, TestbedError } from '@lamplighter/testbed';
import { InvalidArgumentError } from 'commander';
import { command, givenArguments } from './cli/options.ts';
import { runCommand } from './cli/run.ts';
import { worldsRoot } from './repository.ts';

/** The API server gives no token less than this (TokenRequest, authentication.k8s.io/v1). */
const LEAST_SECONDS = 600;
/** And none more: its own limit (2^32). */
const MOST_SECONDS = 4_294_967_296;

function parseSeconds(text: string): number {
  const seconds = Number(text);
  if (Number.isSafeInteger(seconds) && seconds >= LEAST_SECONDS && seconds <= MOST_SECONDS) return seconds;
  throw new InvalidArgumentError(`a whole number from ${LEAST_SECONDS} to ${MOST_SECONDS} is wanted.`);
}

const program = command('world:token', 'Print a fresh service-account token of one of the people.')
  .argument('<person>', people.map(({ name }) => name).join(', '))
  .option('--name <world>', 'the world; needed only when several run')
  .option('--seconds <number>', 'how long it is accepted', parseSeconds, 3600)
  .parse(givenArguments(), { from: 'user' });
const options = program.opts<{ name?: string; seconds: number }>();

function chosenWorld(): string {
  const running = runningWorlds(worldsRoot).map(({ name }) => name);
  const [only] = running;
  if (options.name !== undefined) return options.name;
  if (only !== undefined && running.length === 1) return only;
  const sentence =
    running.length === 0
      ? 'No world is running: start one with `npx pnpm@12 dev` or `npx pnpm@12 world:up`.'
      : `Several worlds run (${running.join(', ')}): choose one with --name.`;
  throw new TestbedError('world-unknown', sentence);
}

await runCommand(async () => {
  const [person] = program.args;
  if (!people.some(({ name }) => name === person) || person === undefined) {
    throw new TestbedError(
      'bad-input',
      `There is no "${person}": choose one of ${people.map(({ name }) => name).join(', ')}.`,
    );
  }
  const name = chosenWorld();
  const world = runningWorld(worldsRoot, name)?.world;
  if (world === undefined) throw new TestbedError('world-unknown', `No world named "${name}" is ready.`);
  const client = await clusterClient(world.kubeconfig);
  console.log(await client.serviceAccountToken(serviceAccountNamespace, person, options.seconds));
  return 0;
});
