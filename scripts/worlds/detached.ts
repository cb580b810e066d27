/** Owns starting a world that outlives its starter, and following it until it is up. */
import { fork } from 'node:child_process';
import { join } from 'node:path';
import type { World } from '@lamplighter/fixtures';
import { runningWorld, TestbedError } from '@lamplighter/testbed';
import type { Progress } from '../cli/progress.ts';
import { repositoryRoot, worldsRoot } from '../repository.ts';
import type { SupervisorMessage } from '../supervisor.ts';

/** Resolves when the supervisor says the world is up; rejects with the sentence it fails with. */
function follow(name: string, progress: Progress, signal: AbortSignal): Promise<void> {
  const supervisor = fork(join(repositoryRoot, 'scripts', 'supervisor.ts'), [name], {
    detached: true,
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  signal.addEventListener('abort', () => supervisor.kill('SIGTERM'), { once: true });
  return new Promise((resolve, reject) => {
    supervisor.once('exit', (code) =>
      reject(new TestbedError('part-died', `The world's supervisor ended with exit code ${code}.`)),
    );
    supervisor.on('message', (message: SupervisorMessage) => {
      if (message.kind === 'event') progress.show(message.event);
      else if (message.kind === 'failed') {
        supervisor.once('exit', () => undefined);
        reject(new TestbedError('part-died', message.message, { details: message.details }));
      } else {
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
export async function detachedWorld(name: string, progress: Progress, signal: AbortSignal): Promise<World> {
  const running = runningWorld(worldsRoot, name);
  if (running?.world) return running.world;
  await follow(name, progress, signal);
  const started = runningWorld(worldsRoot, name)?.world;
  if (started === undefined) throw new TestbedError('part-died', `World "${name}" came up and was gone at once.`);
  return started;
}
