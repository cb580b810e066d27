/** Owns how every command begins and ends: signals give the work up in order, failures end in one sentence and a code. */
import { constants } from 'node:os';
import { TestbedError } from '@lamplighter/testbed';

/** What a shell reports for a command that a signal ended. */
const SIGNAL_EXIT_BASE = 128;
/** Nothing that a command starts reports anything about it to anybody. */
process.env['TURBO_TELEMETRY_DISABLED'] = '1';
process.env['TURBO_NO_UPDATE_NOTIFIER'] = '1';

const ENDING_SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

function report(thrown: unknown): void {
  if (!(thrown instanceof TestbedError)) {
    console.error(thrown);
    return;
  }
  console.error(`\n${thrown.message}`);
  if (thrown.details !== '') console.error(thrown.details.replaceAll(/^/gm, '  │ '));
}

/**
 * Runs a command's work and exits with the code it resolves to. A signal aborts the signal it is given; the work then ends
 * what it began and the exit code says which signal it was. A second signal exits at once: the kernel ends the parts and the
 * next start clears their folder.
 */
export async function runCommand(work: (signal: AbortSignal) => Promise<number>): Promise<never> {
  const interrupted = new AbortController();
  let signalled: (typeof ENDING_SIGNALS)[number] | undefined;
  for (const name of ENDING_SIGNALS) {
    process.on(name, () => {
      if (signalled !== undefined) process.exit(SIGNAL_EXIT_BASE + constants.signals[name]);
      signalled = name;
      interrupted.abort(new TestbedError('interrupted', 'Interrupted.'));
    });
  }
  let code: number;
  try {
    code = await work(interrupted.signal);
  } catch (thrown) {
    if (signalled === undefined) report(thrown);
    code = 1;
  }
  process.exit(signalled === undefined ? code : SIGNAL_EXIT_BASE + constants.signals[signalled]);
}

/** Resolves when the signal is aborted. */
export function untilAborted(signal: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  if (signal.aborted) resolve();
  else signal.addEventListener('abort', () => resolve(), { once: true });
  return promise;
}
