/** How long a session lasts and how that is said; pure: `now` is an argument. */
import type { SessionResponse } from '@lamplighter/server/wire';
import { CLOCK_TOLERANCE_MS, ENDING_SOON_MS } from '../constants.ts';

/** The limit that ends a session first. */
export interface SessionEnd {
  /** In milliseconds since 1970, by the browser's clock. */
  readonly atMs: number;
  readonly limit: 'session' | 'token';
}

/**
 * The earlier of the session's own end and the token's, moved to the browser's clock: a laptop an hour ahead
 * would otherwise end a session the server has just begun.
 * @param serverTimeMs - the server's clock when it answered, or null when it did not say.
 * @param nowMs - the browser's clock at the same moment.
 */
export function readSessionEnd(session: SessionResponse, serverTimeMs: number | null, nowMs: number): SessionEnd {
  const differenceMs = serverTimeMs === null ? 0 : serverTimeMs - nowMs;
  const aheadMs = Math.abs(differenceMs) > CLOCK_TOLERANCE_MS ? differenceMs : 0;
  const sessionMs = Date.parse(session.expiresAt);
  const tokenMs = session.tokenExpiresAt === null ? Number.POSITIVE_INFINITY : Date.parse(session.tokenExpiresAt);
  return tokenMs < sessionMs
    ? { atMs: tokenMs - aheadMs, limit: 'token' }
    : { atMs: sessionMs - aheadMs, limit: 'session' };
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
