/** A clock that tests move. */
import type { EpochSeconds } from '@lamplighter/auth-core';

export interface MovedClock {
  readonly now: () => EpochSeconds;
  forward(seconds: number): void;
}

export function movedClock(start: EpochSeconds = Math.floor(Date.now() / 1_000)): MovedClock {
  let current = start;
  return {
    now: () => current,
    forward: (seconds) => {
      current += seconds;
    },
  };
}
