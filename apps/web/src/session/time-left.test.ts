import type { SessionResponse } from '@lamplighter/server/wire';
import { describe, expect, it } from 'vitest';
import { readCountdown, readSessionEnd, timeLeftInWords } from './time-left.ts';

const NOW_MS = Date.UTC(2026, 0, 2, 3, 0, 0);
const SESSION: SessionResponse = {
  method: 'oidc',
  expiresAt: '2026-01-02T04:00:00Z',
  idleExpiresAt: null,
  tokenExpiresAt: '2026-01-02T03:30:00Z',
};
const HALF_PAST_MS = Date.UTC(2026, 0, 2, 3, 30, 0);
const FOUR_MS = Date.UTC(2026, 0, 2, 4, 0, 0);

describe('a session ends', () => {
  it('with its token, when that is earlier', () => {
    expect(readSessionEnd(SESSION, NOW_MS, NOW_MS)).toEqual({ atMs: HALF_PAST_MS, limit: 'token' });
  });

  it.each([null, '2026-01-02T05:00:00Z'])('by itself, when the token ends at %s', (tokenExpiresAt) => {
    expect(readSessionEnd({ ...SESSION, tokenExpiresAt }, NOW_MS, NOW_MS)).toEqual({ atMs: FOUR_MS, limit: 'session' });
  });

  it('at the right moment on a computer whose clock is an hour ahead', () => {
    const aheadMs = 3_600_000;
    expect(readSessionEnd(SESSION, NOW_MS, NOW_MS + aheadMs).atMs).toBe(HALF_PAST_MS + aheadMs);
  });

  it.each([4_000, -4_000])('unmoved by a difference of %i ms, which is rounding and travel', (differenceMs) => {
    expect(readSessionEnd(SESSION, NOW_MS + differenceMs, NOW_MS).atMs).toBe(HALF_PAST_MS);
  });

  it('by the browser’s clock when the server does not say its time', () => {
    expect(readSessionEnd(SESSION, null, NOW_MS).atMs).toBe(HALF_PAST_MS);
  });
});

describe('time left', () => {
  it.each([
    [0, '0 s'],
    [-5_000, '0 s'],
    [1, '1 s'],
    [59_000, '59 s'],
    [60_000, '1 min 00 s'],
    [545_000, '9 min 05 s'],
    [600_000, '10 min'],
    [3_599_000, '59 min'],
    [3_600_000, '1 h 0 min'],
    [28_740_000, '7 h 59 min'],
    [86_400_000, '1 d 0 h'],
    [266_400_000, '3 d 2 h'],
  ])('of %i ms is said as %j', (leftMs, words) => {
    expect(timeLeftInWords(leftMs)).toBe(words);
  });

  it.each([
    [120_000, 'running'],
    [119_999, 'ending-soon'],
    [1, 'ending-soon'],
    [0, 'ended'],
    [-1, 'ended'],
  ])('of %i ms means %s', (leftMs, countdown) => {
    expect(readCountdown(leftMs)).toBe(countdown);
  });
});
