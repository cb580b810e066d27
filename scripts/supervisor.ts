/** Owns a detached world: `world:up` starts this process and leaves; `world:down` ends it. It tells its starter by messages what happens. */
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import {
  createWorld,
  identify,
  isAlive,
  logFolder,
  type StartedWorld,
  TestbedError,
  type TestbedErrorCode,
  type WorldEvent,
} from '@lamplighter/testbed';
import { runCommand, untilAborted } from './cli/run.ts';
import { worldsRoot } from './repository.ts';
import { lamplighterTarget } from './target/lamplighter.ts';
import { buildPage } from './target/page.ts';

/** What goes to the starter; the last message is `up` or `failed`. */
export type SupervisorMessage =
  | { readonly kind: 'event'; readonly event: WorldEvent }
  | { readonly kind: 'up' }
  | {
      readonly kind: 'failed';
      readonly code: TestbedErrorCode;
      readonly message: string;
      readonly details: string;
    };

/** How often the process is looked for that the world is to end with. */
const LOOK_EVERY_MS = 500;

function tell(message: SupervisorMessage): void {
  // The starter may be gone (Ctrl-C); the world then goes too, see below.
  if (process.connected) process.send?.(message);
}

/** Resolves when that process has ended; never for none. */
async function untilEnded(pid: number | undefined, signal: AbortSignal): Promise<void> {
  if (pid === undefined) return untilAborted(signal);
  const identity = identify(pid);
  while (identity !== undefined && isAlive(identity) && !signal.aborted) await pause(LOOK_EVERY_MS);
}

/** A world whose part died stays as it is for whoever wants to look; its log says what happened. */
function noteDeath(started: StartedWorld): void {
  void started.died.then((death) => {
    const line = `${new Date().toISOString()} ${death.message}\n${death.details}\n`;
    appendFileSync(join(logFolder(started.world), 'supervisor.log'), line);
  });
}

async function supervise(signal: AbortSignal): Promise<number> {
  const [name, withProcess] = process.argv.slice(2);
  if (name === undefined) throw new TestbedError('bad-input', 'supervisor.ts is started by world:up.');
  const starterLeft = new AbortController();
  const onLeft = (): void =>
    starterLeft.abort(new TestbedError('interrupted', 'Whoever asked for this world has left.'));
  process.once('disconnect', onLeft);
  const givenUp = AbortSignal.any([signal, starterLeft.signal]);
  try {
    await using started = await createWorld({
      name,
      root: worldsRoot,
      startTarget: lamplighterTarget(buildPage(givenUp)),
      onEvent: (event) => tell({ kind: 'event', event }),
      signal: givenUp,
    }).start();
    process.off('disconnect', onLeft);
    noteDeath(started);
    tell({ kind: 'up' });
    if (process.connected) process.disconnect();
    await Promise.race([untilAborted(signal), untilEnded(withProcess ? Number(withProcess) : undefined, signal)]);
    return 0;
  } catch (thrown) {
    const failure =
      thrown instanceof TestbedError ? thrown : new TestbedError('part-died', String(thrown), { cause: thrown });
    tell({ kind: 'failed', code: failure.code, message: failure.message, details: failure.details });
    return 1;
  }
}

await runCommand(supervise, { outlivesCallers: true });
