/** Owns how every command begins and ends: signals give the work up in order, failures end in one sentence and a code. */
import { constants } from 'node:os';
import { TestbedError } from '@lamplighter/testbed';
import { watchCallers } from './callers.ts';

/** What a shell reports for a command that a signal ended. */
const SIGNAL_EXIT_BASE = 128;
type EndingSignal = 'SIGINT' | 'SIGTERM' | 'SIGHUP';
/** A terminal and a package manager may both hand on the same Ctrl-C; only a later one is a person's second. */
const SECOND_SIGINT_AFTER_MS = 1_000;

/** Nothing that a command starts reports anything about it to anybody. */
process.env['TURBO_TELEMETRY_DISABLED'] = '1';
process.env['TURBO_NO_UPDATE_NOTIFIER'] = '1';

/** Tells a failure: one sentence with its details when it is one we know, else everything, for it is a bug of ours. */
export function report(thrown: unknown): void {
  if (!(thrown instanceof TestbedError)) {
    console.error('\nThis is a bug of Lamplighter. Please report it with these lines:');
    console.error(thrown);
    return;
  }
  console.error(`\n${thrown.message}`);
  if (thrown.details !== '') console.error(thrown.details.replaceAll(/^/gm, '  │ '));
}

/** The signal that the work is given up by, and which of the system's signals did it. */
function listenForTheEnd(outlivesCallers: boolean): { aborted: AbortSignal; by(): EndingSignal | undefined } {
  const interrupted = new AbortController();
  let by: EndingSignal | undefined;
  let since = 0;
  const giveUp = (name: EndingSignal): void => {
    if (by !== undefined) return;
    by = name;
    since = performance.now();
    interrupted.abort(new TestbedError('interrupted', 'Interrupted.'));
  };
  process.on('SIGTERM', () => giveUp('SIGTERM'));
  process.on('SIGHUP', () => giveUp('SIGHUP'));
  process.on('SIGINT', () => {
    // Impatient: the kernel ends the parts with us, and the next start clears their folder.
    const second = by === 'SIGINT' && performance.now() - since > SECOND_SIGINT_AFTER_MS;
    if (second) process.exit(SIGNAL_EXIT_BASE + constants.signals.SIGINT);
    giveUp('SIGINT');
  });
  if (!outlivesCallers) watchCallers(() => giveUp('SIGHUP'));
  // A closed terminal takes no more words, and saying them must not stop the clearing up.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
  return { aborted: interrupted.signal, by: () => by };
}

/**
 * Runs a command's work and exits with the code it resolves to. A signal, or the end of the package manager that started us,
 * aborts the signal the work is given; it then ends what it began, and the exit code says which signal it was.
 *
 * @param options `outlivesCallers`: for the one command that is to stay when whoever started it has left.
 */
export async function runCommand(
  work: (signal: AbortSignal) => Promise<number>,
  { outlivesCallers = false }: { readonly outlivesCallers?: boolean } = {},
): Promise<never> {
  const end = listenForTheEnd(outlivesCallers);
  let code: number;
  try {
    code = await work(end.aborted);
  } catch (thrown) {
    if (end.by() === undefined) report(thrown);
    code = 1;
  }
  const signalled = end.by();
  process.exit(signalled === undefined ? code : SIGNAL_EXIT_BASE + constants.signals[signalled]);
}

/** Resolves when the signal is aborted. */
export function untilAborted(signal: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  if (signal.aborted) resolve();
  else signal.addEventListener('abort', () => resolve(), { once: true });
  return promise;
}
