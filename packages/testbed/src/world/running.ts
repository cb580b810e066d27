/** Owns looking at worlds that other processes run: describing them, and asking their owners to end them. */
import { join } from 'node:path';
import type { World } from '@lamplighter/fixtures';
import { TestbedError } from '../process/errors.ts';
import { isAlive, signalProcess } from '../process/identity.ts';
import { waitFor } from '../process/wait.ts';
import { sweep, worldFolder, worldNames } from './folder.ts';
import { readState, type WorldSecrets } from './state.ts';

/** An owner asked to end a world has this long before it is killed and its world swept. */
const DOWN_TIMEOUT_MS = 15_000;

export interface RunningWorld {
  readonly name: string;
  readonly ownerPid: number;
  readonly parts: readonly { readonly name: string; readonly pid: number; readonly alive: boolean }[];
  /** Absent while it is still coming up. */
  readonly world?: World;
  readonly secrets?: WorldSecrets;
}

/** The world of that name, if its owner is alive. */
export function runningWorld(root: string, name: string): RunningWorld | undefined {
  const state = readState(worldFolder(root, name));
  if (state === undefined || !isAlive(state.owner)) return undefined;
  return {
    name,
    ownerPid: state.owner.pid,
    parts: state.processes.map(({ name: part, identity }) => ({
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
  if (state === undefined || !isAlive(state.owner)) return sweep(root).includes(name);
  signalProcess(state.owner, 'SIGTERM');
  const gone = async (): Promise<true | string> => readState(folder) === undefined || 'its folder is still there';
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
    sweep(root);
  }
  return true;
}

/** The folder of a world's logs. */
export function logFolder(world: World): string {
  return join(world.dir, 'logs');
}
