import type { SessionResponse } from '@lamplighter/server/wire';
import { describe, expect, it } from 'vitest';
import { isNearEnd, readCountdown, readSessionEnds, readWarning, timeLeftInWords } from './time-left.ts';

const NOW_MS = Date.UTC(2026, 0, 2, 3, 0, 0);
const SESSION: SessionResponse = {
  method: 'oidc',
  expiresAt: '2026-01-02T04:00:00Z',
  idleExpiresAt: null,
  tokenExpiresAt: '2026-01-02T03:30:00Z',
  renews: false,
};
const HALF_PAST_MS = Date.UTC(2026, 0, 2, 3, 30, 0);
const FOUR_MS = Date.UTC(2026, 0, 2, 4, 0, 0);

describe('a session ends', () => {
  it('with its token, when that is earlier', () => {
    expect(readSessionEnds(SESSION, NOW_MS, NOW_MS).final).toEqual({ atMs: HALF_PAST_MS, limit: 'token' });
  });

  it.each([null, '2026-01-02T05:00:00Z'])('by itself, when the token ends at %s', (tokenExpiresAt) => {
    const { final } = readSessionEnds({ ...SESSION, tokenExpiresAt }, NOW_MS, NOW_MS);
    expect(final).toEqual({ atMs: FOUR_MS, limit: 'session' });
  });

  it('not with a token that the server renews', () => {
    const { final } = readSessionEnds({ ...SESSION, renews: true }, NOW_MS, NOW_MS);
    expect(final).toEqual({ atMs: FOUR_MS, limit: 'session' });
  });

  it('never by itself where a proxy signs people in, which brings a new token when it likes', () => {
    const proxied: SessionResponse = { ...SESSION, method: 'proxy', expiresAt: null };
    expect(readSessionEnds(proxied, NOW_MS, NOW_MS)).toEqual({ final: null, idleAtMs: null });
  });

  it('at the right moment on a computer whose clock is an hour ahead', () => {
    const aheadMs = 3_600_000;
    const idle: SessionResponse = { ...SESSION, idleExpiresAt: '2026-01-02T03:20:00Z' };
    expect(readSessionEnds(idle, NOW_MS, NOW_MS + aheadMs)).toEqual({
      final: { atMs: HALF_PAST_MS + aheadMs, limit: 'token' },
      idleAtMs: HALF_PAST_MS - 600_000 + aheadMs,
    });
  });

  it.each([4_000, -4_000])('unmoved by a difference of %i ms, which is rounding and travel', (differenceMs) => {
    expect(readSessionEnds(SESSION, NOW_MS + differenceMs, NOW_MS).final?.atMs).toBe(HALF_PAST_MS);
  });

  it('by the browser’s clock when the server does not say its time', () => {
    expect(readSessionEnds(SESSION, null, NOW_MS).final?.atMs).toBe(HALF_PAST_MS);
  });
});

describe('a session that lies unused', () => {
  it('ends then, when that is before its final end', () => {
    const idle: SessionResponse = { ...SESSION, idleExpiresAt: '2026-01-02T03:20:00Z' };
    expect(readSessionEnds(idle, NOW_MS, NOW_MS).idleAtMs).toBe(HALF_PAST_MS - 600_000);
  });

  it.each(['2026-01-02T03:30:00Z', '2026-01-02T03:45:00Z'])('does not end at %s, when it has ended anyway', (at) => {
    expect(readSessionEnds({ ...SESSION, idleExpiresAt: at }, NOW_MS, NOW_MS).idleAtMs).toBeNull();
  });
});

describe('a warning', () => {
  const final = (leftMs: number): { atMs: number; limit: 'session' } => ({ atMs: NOW_MS + leftMs, limit: 'session' });
  it.each([
    ['none while both are far', 600_000, 300_000, null],
    ['of the unused session', 600_000, 60_000, 'idle'],
    ['of the final end, which nothing puts off, when both are near', 90_000, 60_000, 'session'],
    ['none of what is past', 600_000, 0, null],
  ] as const)('is %s', (_words, finalMs, idleMs, warning) => {
    expect(readWarning({ final: final(finalMs), idleAtMs: NOW_MS + idleMs }, NOW_MS)).toBe(warning);
  });

  it.each([
    [600_000, 300_000, false],
    [600_000, 60_000, true],
    [60_000, null, true],
    [600_000, -1_000, true],
  ] as const)('with %i ms and unused %s ms left, an end is near: %s', (finalMs, idleMs, near) => {
    const idleAtMs = idleMs === null ? null : NOW_MS + idleMs;
    expect(isNearEnd({ final: final(finalMs), idleAtMs }, NOW_MS)).toBe(near);
  });

  it('never comes where nothing ends', () => {
    expect([
      readWarning({ final: null, idleAtMs: null }, NOW_MS),
      isNearEnd({ final: null, idleAtMs: null }, NOW_MS),
    ]).toEqual([null, false]);
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
