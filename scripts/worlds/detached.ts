/** Owns starting a world that outlives its starter, and following it until it is up. */
import { fork } from 'node:child_process';
import { join } from 'node:path';
import type { World } from '@lamplighter/fixtures';
import { cacheFolderOf, joinWorld, TestbedError } from '@lamplighter/testbed';
import type { Progress } from '../cli/progress.ts';
import { repositoryRoot, worldsRoot } from '../repository.ts';
import type { SupervisorMessage } from '../supervisor.ts';

export interface DetachedPlan {
  readonly name: string;
  /** The world ends when this process has ended; absent, only when it is told to. */
  readonly withProcess?: number;
}

/** Resolves when the supervisor says the world is up; rejects with the sentence it fails with. */
function follow({ name, withProcess }: DetachedPlan, progress: Progress, signal: AbortSignal): Promise<void> {
  const args = [name, ...(withProcess === undefined ? [] : [String(withProcess)])];
  const supervisor = fork(join(repositoryRoot, 'scripts', 'supervisor.ts'), args, {
    detached: true,
    // Half of its start is compiling what has not changed since the last one.
    env: { ...process.env, NODE_COMPILE_CACHE: join(cacheFolderOf(process.env), 'node') },
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  let lastWords = '';
  supervisor.stderr?.setEncoding('utf8').on('data', (chunk: string) => {
    lastWords = `${lastWords}${chunk}`.slice(-2_000);
  });
  signal.addEventListener('abort', () => supervisor.kill('SIGTERM'), { once: true });
  return new Promise((resolve, reject) => {
    supervisor.once('exit', (code, by) => {
      const how = by === null ? `with exit code ${code}` : `by ${by}`;
      const message = `The process that was bringing world "${name}" up ended ${how}; run the command again.`;
      reject(new TestbedError('part-died', message, { details: lastWords.trim() }));
    });
    supervisor.on('message', (message: SupervisorMessage) => {
      if (message.kind === 'event') progress.show(message.event);
      else if (message.kind === 'failed') {
        reject(new TestbedError(message.code, message.message, { details: message.details }));
      } else {
        supervisor.stderr?.destroy();
        supervisor.unref();
        resolve();
      }
    });
  });
}

/**
 * The world of that name: the running one, or a new one that stays up after this process has left.
 *
 * @throws TestbedError with whatever stood in its way.
 */
export async function detachedWorld(plan: DetachedPlan, progress: Progress, signal: AbortSignal): Promise<World> {
  const running = await joinWorld(worldsRoot, plan.name, signal);
  if (running !== undefined) return running;
  await follow(plan, progress, signal);
  const started = await joinWorld(worldsRoot, plan.name, signal);
  if (started === undefined) throw new TestbedError('part-died', `World "${plan.name}" came up and was gone at once.`);
  return started;
}
