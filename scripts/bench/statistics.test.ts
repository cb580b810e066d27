import { describe, expect, it } from 'vitest';
import { median, spread } from './statistics.ts';

describe('the figures of a benchmark', () => {
  it.each([
    [[3], 3],
    [[1, 2], 1.5],
    [[9, 1, 5], 5],
    [[4, 1, 3, 2], 2.5],
  ])('have of %j the median %d', (values, expected) => {
    expect(median(values)).toBe(expected);
  });

  it('have no median of nothing', () => {
    expect(() => median([])).toThrow(RangeError);
  });

  it('reach from the least to the most', () => {
    expect(spread([2, 9, 4])).toEqual({ least: 2, median: 4, most: 9 });
  });
});
