import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { seal, unseal } from './sealing.ts';

const key = randomBytes(32);
const plain = Buffer.from('plain');

test('what was sealed opens with its key, for its purpose', () => {
  expect(unseal(key, seal(key, plain, 'a'), 'a')).toEqual(plain);
});

test('another key, another purpose or any changed bit opens nothing', () => {
  const sealed = seal(key, plain, 'a');
  expect(unseal(randomBytes(32), sealed, 'a')).toBeUndefined();
  expect(unseal(key, sealed, 'b')).toBeUndefined();
  for (let at = 0; at < sealed.length; at++) {
    const changed = Buffer.from(sealed);
    changed[at] = (changed[at] ?? 0) ^ 1;
    expect(unseal(key, changed, 'a')).toBeUndefined();
  }
});

test('a shortened tag opens nothing', () => {
  const sealed = seal(key, plain, 'a');
  for (let length = 0; length < sealed.length; length++)
    expect(unseal(key, sealed.subarray(0, length), 'a')).toBeUndefined();
});

test('the same text sealed twice looks different', () => {
  expect(seal(key, plain, 'a').equals(seal(key, plain, 'a'))).toBe(false);
});
