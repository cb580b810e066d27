/** Owns the world of a command that needs one for as long as it runs: a running one of that name, else one of its own. */
import type { World } from '@lamplighter/fixtures';
import { createWorld, joinWorld, type TestbedError } from '@lamplighter/testbed';
import type { Progress } from '../cli/progress.ts';
import { worldsRoot } from '../repository.ts';
import { lamplighterTarget } from '../target/lamplighter.ts';
import { buildPage } from '../target/page.ts';

export interface AttachedWorld extends AsyncDisposable {
  readonly world: World;
  /** Resolves when a part of it dies; never for a world that others run. */
  readonly died: Promise<TestbedError>;
}

/** Joins the running world of that name, or starts one, with the page built meanwhile, that ends with the caller. */
export async function attachedWorld(name: string, progress: Progress, signal: AbortSignal): Promise<AttachedWorld> {
  const running = await joinWorld(worldsRoot, name, signal);
  if (running !== undefined) {
    progress.note(`using the running world "${name}"`);
    return { world: running, died: new Promise(() => undefined), [Symbol.asyncDispose]: async () => undefined };
  }
  const startTarget = lamplighterTarget(buildPage(signal));
  return createWorld({ name, root: worldsRoot, startTarget, onEvent: progress.show, signal }).start();
}
