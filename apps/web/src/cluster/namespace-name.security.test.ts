import { describe, expect, it } from 'vitest';
import { parseNamespace } from './namespace-name.ts';

describe('a namespace in somebody’s link', () => {
  it.each([
    '..',
    '.',
    '../..',
    '%2e%2e',
    'a/b',
    'a?x=1',
    'a#b',
    'a\\b',
    'a b',
    'a\nb',
    'A',
    '-a',
    'a-',
    'ä',
    'a'.repeat(64),
  ])('cannot turn the request elsewhere as %j', (raw) => {
    expect(parseNamespace(raw)).toBeNull();
  });

  it.each(['team-a', '0', 'a'.repeat(63), ' team-a '])('is taken when it is one: %j', (raw) => {
    expect(parseNamespace(raw)).toBe(raw.trim());
  });
});
