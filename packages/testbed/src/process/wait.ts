/** Owns waiting: on a condition, with a deadline, never for a fixed time. */
import { setTimeout as pause } from 'node:timers/promises';
import { POLL_FIRST_MS, POLL_MOST_MS } from '../constants.ts';
import { TestbedError } from './errors.ts';

/** Asks once. `true` means the condition holds; a string says what was seen instead and goes into the time-out's message. */
export type Probe = () => Promise<true | string>;

export interface Wait {
  /** What is awaited, as the end of a sentence: "kube-apiserver to answer /readyz". */
  readonly for: string;
  readonly timeoutMs: number;
  readonly probe: Probe;
  readonly signal?: AbortSignal | undefined;
  /** The awaited part's last log lines, quoted when time runs out. */
  readonly logTail?: (() => string) | undefined;
}

/**
 * Resolves when the probe says so. A probe that throws counts as "not yet" and its message is what was last seen.
 *
 * @throws TestbedError `wait-timed-out` naming what was awaited, for how long and what was seen last; the signal's reason when aborted.
 */
export async function waitFor(wait: Wait): Promise<void> {
  const deadline = performance.now() + wait.timeoutMs;
  let pauseMs = POLL_FIRST_MS;
  for (;;) {
    wait.signal?.throwIfAborted();
    const seen = await wait.probe().catch((thrown: unknown) => describeThrown(thrown));
    if (seen === true) return;
    if (performance.now() > deadline) {
      throw new TestbedError(
        'wait-timed-out',
        `Waited ${Math.round(wait.timeoutMs / 1000)} s for ${wait.for}; last seen: ${seen}.`,
        { details: wait.logTail?.() ?? '' },
      );
    }
    try {
      await pause(pauseMs, undefined, wait.signal ? { signal: wait.signal } : {});
    } catch (thrown) {
      // The timer's own word for it says nothing about why.
      wait.signal?.throwIfAborted();
      throw thrown;
    }
    pauseMs = Math.min(pauseMs * 1.5, POLL_MOST_MS);
  }
}

/** One line about anything thrown, with the cause a network error hides its reason in. */
export function describeThrown(thrown: unknown): string {
  if (!(thrown instanceof Error)) return String(thrown);
  const cause = thrown.cause instanceof Error ? ` (${thrown.cause.message})` : '';
  return `${thrown.message}${cause}`;
}
