/** Owns a part's readiness: a condition with a deadline, given up when the part dies or the world is no longer wanted. */
import type { Response } from 'undici';
import { readyOrDead, type StartedProcess } from './supervised.ts';
import { waitFor } from './wait.ts';

export interface Readiness {
  /** What is awaited, as the end of a sentence: "dex to answer its discovery". */
  readonly for: string;
  readonly timeoutMs: number;
  /** Aborted when the world is given up. */
  readonly givenUp: AbortSignal;
  /** Asks once, as in `waitFor`. Its signal is aborted as soon as nobody wants the answer any more. */
  readonly probe: (signal: AbortSignal) => Promise<true | string>;
}

/**
 * Resolves when the part is ready.
 *
 * @throws TestbedError `part-died` or `port-in-use` by the part's name when it ends first; `wait-timed-out` with its last log lines.
 */
export async function untilReady(part: StartedProcess, { probe, givenUp, ...wait }: Readiness): Promise<void> {
  await readyOrDead(part, (known) => {
    const signal = AbortSignal.any([known, givenUp]);
    return waitFor({ ...wait, signal, logTail: part.logTail, probe: () => probe(signal) });
  });
}

/** What a probe says of an HTTP answer: `true` for a 2xx, else its status. The body is not read. */
export async function okOrStatus(response: Response): Promise<true | string> {
  await response.body?.cancel();
  return response.ok || `status ${response.status}`;
}
