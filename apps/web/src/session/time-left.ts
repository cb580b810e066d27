/** How long a session lasts and how that is said; pure: `now` is an argument. */
import type { SessionResponse } from '@lamplighter/server/wire';
import { CLOCK_TOLERANCE_MS, ENDING_SOON_MS } from '../constants.ts';

export interface SessionEnd {
  /** In milliseconds since 1970, by the browser's clock. */
  readonly atMs: number;
  readonly limit: 'session' | 'token';
}

export interface SessionEnds {
  /** The end that no use puts off; null where this server ends nothing, because a proxy in front signs people in. */
  readonly final: SessionEnd | null;
  /** When it ends unused, in milliseconds since 1970 by the browser's clock; null when it does not, or not before its final end. */
  readonly idleAtMs: number | null;
}

/**
 * Moved to the browser's clock: a laptop an hour ahead would otherwise end a session the server has just begun. A token ends nothing
 * where the server gets a new one by itself, nor where the proxy brings one with every request.
 * @param serverTimeMs - the server's clock when it answered, or null when it did not say.
 * @param nowMs - the browser's clock at the same moment.
 */
export function readSessionEnds(session: SessionResponse, serverTimeMs: number | null, nowMs: number): SessionEnds {
  const differenceMs = serverTimeMs === null ? 0 : serverTimeMs - nowMs;
  const aheadMs = Math.abs(differenceMs) > CLOCK_TOLERANCE_MS ? differenceMs : 0;
  const atMs = (instant: string | null): number =>
    instant === null ? Number.POSITIVE_INFINITY : Date.parse(instant) - aheadMs;
  const sessionMs = atMs(session.expiresAt);
  const tokenMs =
    session.renews || session.method === 'proxy' ? Number.POSITIVE_INFINITY : atMs(session.tokenExpiresAt);
  const idleMs = atMs(session.idleExpiresAt);
  const finalMs = Math.min(sessionMs, tokenMs);
  return {
    final:
      finalMs === Number.POSITIVE_INFINITY ? null : { atMs: finalMs, limit: tokenMs < sessionMs ? 'token' : 'session' },
    idleAtMs: idleMs < finalMs ? idleMs : null,
  };
}

/** What to warn of now: of two ends that are near, the one that cannot be put off. */
export function readWarning({ final, idleAtMs }: SessionEnds, nowMs: number): SessionEnd['limit'] | 'idle' | null {
  if (final !== null && readCountdown(final.atMs - nowMs) === 'ending-soon') return final.limit;
  if (idleAtMs !== null && readCountdown(idleAtMs - nowMs) === 'ending-soon') return 'idle';
  return null;
}

/** Whether an end is near or, by this browser's clock, past. */
export function isNearEnd({ final, idleAtMs }: SessionEnds, nowMs: number): boolean {
  const nearestMs = Math.min(final?.atMs ?? Number.POSITIVE_INFINITY, idleAtMs ?? Number.POSITIVE_INFINITY);
  return readCountdown(nearestMs - nowMs) !== 'running';
}

/** Time left in words: two units at most, seconds only in the last ten minutes. */
export function timeLeftInWords(leftMs: number): string {
  const seconds = Math.max(0, Math.ceil(leftMs / 1000));
  const minutes = Math.floor(seconds / 60);
  const hours = Math.floor(minutes / 60);
  const days = Math.floor(hours / 24);
  if (days > 0) return `${days} d ${hours % 24} h`;
  if (hours > 0) return `${hours} h ${minutes % 60} min`;
  if (minutes >= 10) return `${minutes} min`;
  if (minutes > 0) return `${minutes} min ${String(seconds % 60).padStart(2, '0')} s`;
  return `${seconds} s`;
}

export type Countdown = 'running' | 'ending-soon' | 'ended';

export function readCountdown(leftMs: number): Countdown {
  if (leftMs <= 0) return 'ended';
  return leftMs < ENDING_SOON_MS ? 'ending-soon' : 'running';
}
