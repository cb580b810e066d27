/** Owns the folder below which the integration tests keep everything they make: clearing what killed ones left there. */
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { endWorld } from '@lamplighter/testbed';
import { repositoryRoot } from '../repository.ts';

/** Holds a folder a process of the tests, named by its pid (e2e/integration/scratch.ts). */
const scratchRoot: string = join(repositoryRoot, '.lamplighter', 'scratch');

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** The worlds below a folder: each holds its state. */
function worldsIn(root: string): string[] {
  return readdirSync(root).filter((name) => existsSync(join(root, name, 'state.json')));
}

/** Ends and takes away whatever tests left that are no longer running themselves. */
export async function clearScratch(root: string = scratchRoot): Promise<void> {
  if (!existsSync(root)) return;
  for (const pid of readdirSync(root).filter((name) => !isRunning(Number(name)))) {
    const folder = join(root, pid);
    for (const worlds of readdirSync(folder).map((name) => join(folder, name))) {
      for (const name of worldsIn(worlds)) await endWorld(worlds, name);
    }
    rmSync(folder, { recursive: true, force: true });
  }
}
