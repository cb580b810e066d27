/** Owns work that no answer waits for, such as a word to the provider after a logout: it is tracked, and a stop waits for it a while. */
import { setTimeout as pause } from 'node:timers/promises';
import { ERRANDS_GRACE_MS } from '../constants.ts';
import type { EventLog } from '../log.ts';

export interface Errands {
  /** Whatever goes wrong in it is written down and ends nothing else. */
  run(errand: () => Promise<unknown>): void;
  /** Waits for what is under way, and no longer than `ERRANDS_GRACE_MS`. */
  close(): Promise<void>;
}

export function createErrands(log: Pick<EventLog, 'failure'>): Errands {
  const underWay = new Set<Promise<unknown>>();
  return {
    run: (errand) => {
      // Begun inside, so that also what it throws at once is a failure of its own.
      const running = Promise.resolve()
        .then(errand)
        .catch((error: unknown) => log.failure(error))
        .finally(() => underWay.delete(running));
      underWay.add(running);
    },
    close: async () => {
      const enough = new AbortController();
      const grace = pause(ERRANDS_GRACE_MS, undefined, { signal: enough.signal }).catch(() => undefined);
      await Promise.race([Promise.all(underWay), grace]);
      enough.abort();
    },
  };
}
