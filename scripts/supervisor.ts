/** Owns a detached world: `world:up` starts this process and leaves; `world:down` ends it. It tells its starter by messages what happens. */
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { createWorld, logFolder, type StartedWorld, TestbedError, type WorldEvent } from '@lamplighter/testbed';
import { runCommand, untilAborted } from './cli/run.ts';
import { worldsRoot } from './repository.ts';
import { startLamplighter } from './target/lamplighter.ts';

/** What goes to the starter; the last message is `up` or `failed`. */
export type SupervisorMessage =
  | { readonly kind: 'event'; readonly event: WorldEvent }
  | { readonly kind: 'up' }
  | { readonly kind: 'failed'; readonly code: string; readonly message: string; readonly details: string };

function tell(message: SupervisorMessage): void {
  // The starter may be gone (Ctrl-C); the world then goes too, see below.
  if (process.connected) process.send?.(message);
}

/** A world whose part died stays as it is for whoever wants to look; its log says what happened. */
async function watchOver(started: StartedWorld, signal: AbortSignal): Promise<void> {
  void started.died.then((death) => {
    const line = `${new Date().toISOString()} ${death.message}\n${death.details}\n`;
    appendFileSync(join(logFolder(started.world), 'supervisor.log'), line);
  });
  await untilAborted(signal);
}

await runCommand(async (signal) => {
  const name = process.argv[2];
  if (name === undefined) throw new TestbedError('bad-input', 'supervisor.ts is started by `pnpm world:up`.');
  const starterLeft = new AbortController();
  const onLeft = (): void =>
    starterLeft.abort(new TestbedError('interrupted', 'Whoever asked for this world has left.'));
  process.once('disconnect', onLeft);
  try {
    await using started = await createWorld({
      name,
      root: worldsRoot,
      startTarget: startLamplighter,
      onEvent: (event) => tell({ kind: 'event', event }),
      signal: AbortSignal.any([signal, starterLeft.signal]),
    }).start();
    process.off('disconnect', onLeft);
    tell({ kind: 'up' });
    if (process.connected) process.disconnect();
    await watchOver(started, signal);
    return 0;
  } catch (thrown) {
    const failure = thrown instanceof TestbedError ? thrown : new TestbedError('part-died', String(thrown));
    tell({ kind: 'failed', code: failure.code, message: failure.message, details: failure.details });
    return 1;
  }
});
