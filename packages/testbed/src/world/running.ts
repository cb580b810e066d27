/** Owns looking at worlds that other processes run: describing them, and asking their owners to end them. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { World } from '@lamplighter/fixtures';
import { TestbedError } from '../process/errors.ts';
import { isAlive, signalProcess } from '../process/identity.ts';
import { waitFor } from '../process/wait.ts';
import { sweep, worldFolder, worldNames } from './folder.ts';
import { readState, type WorldSecrets } from './state.ts';

/** An owner asked to end a world has this long before it is killed and its world swept. */
const DOWN_TIMEOUT_MS = 15_000;

/** Somebody else's start may include builds; whoever waits longer than this is told. */
const JOIN_TIMEOUT_MS = 15 * 60_000;

export interface RunningWorld {
  readonly name: string;
  readonly ownerPid: number;
  /** Each by its latest process: a reloaded server was started more than once. */
  readonly parts: readonly { readonly name: string; readonly pid: number; readonly alive: boolean }[];
  /** Absent while it is still coming up. */
  readonly world?: World;
  readonly secrets?: WorldSecrets;
}

/** The world of that name, if its owner is alive. */
export function runningWorld(root: string, name: string): RunningWorld | undefined {
  const state = readState(worldFolder(root, name));
  if (state === undefined || !isAlive(state.owner)) return undefined;
  const parts = new Map(state.processes.map((process) => [process.name, process]));
  return {
    name,
    ownerPid: state.owner.pid,
    parts: [...parts.values()].map(({ name: part, identity }) => ({
      name: part,
      pid: identity.pid,
      alive: isAlive(identity),
    })),
    ...state.ready,
  };
}

/** The ready world in a folder, with what a second target of it needs. */
export function worldAt(folder: string): { readonly world: World; readonly secrets: WorldSecrets } | undefined {
  return readState(folder)?.ready;
}

/**
 * The running world of that name, once it is ready, or undefined when there is none.
 *
 * @throws TestbedError `part-died` when it has lost a part; `wait-timed-out` when it does not come up.
 */
export async function joinWorld(root: string, name: string, signal: AbortSignal): Promise<World | undefined> {
  if (runningWorld(root, name) === undefined) return undefined;
  await waitFor({
    for: `world "${name}", which somebody else is starting, to be ready`,
    timeoutMs: JOIN_TIMEOUT_MS,
    signal,
    probe: async () => {
      const running = runningWorld(root, name);
      return running === undefined || running.world !== undefined || 'it is still coming up';
    },
  });
  const running = runningWorld(root, name);
  const lost = running?.parts.filter(({ alive }) => !alive).map((part) => part.name) ?? [];
  if (lost.length === 0) return running?.world;
  throw new TestbedError(
    'part-died',
    `World "${name}" is running without ${lost.join(' and ')}: end it with world:down --name ${name}, and start it again.`,
  );
}

/** Every world with a living owner. */
export function runningWorlds(root: string): RunningWorld[] {
  return worldNames(root).flatMap((name) => runningWorld(root, name) ?? []);
}

/**
 * Ends a world whoever runs it, and waits until nothing is left of it. Resolves to whether there was one.
 *
 * @throws TestbedError `wait-timed-out` when even the sweep leaves something.
 */
export async function endWorld(root: string, name: string): Promise<boolean> {
  const folder = worldFolder(root, name);
  const state = readState(folder);
  if (state === undefined || !isAlive(state.owner)) return (await sweep(root)).includes(name);
  signalProcess(state.owner, 'SIGTERM');
  const gone = async (): Promise<true | string> => !existsSync(folder) || 'its folder is still there';
  try {
    await waitFor({ for: `world "${name}" to end`, timeoutMs: DOWN_TIMEOUT_MS, probe: gone });
  } catch (thrown) {
    if (!(thrown instanceof TestbedError)) throw thrown;
    signalProcess(state.owner, 'SIGKILL');
    await waitFor({
      for: `the owner of world "${name}" to be gone`,
      timeoutMs: DOWN_TIMEOUT_MS,
      probe: async () => !isAlive(state.owner) || 'it is still there',
    });
    await sweep(root);
  }
  return true;
}

/** The folder of a world's logs. */
export function logFolder(world: World): string {
  return join(world.dir, 'logs');
}
