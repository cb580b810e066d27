import { expect, it } from 'vitest';
import { readPublicCodes } from '../testing/public-codes.ts';
import { SENTENCES } from './problem.ts';

it('the sign-in page has no sentence for a code the server never tells', () => {
  const told = new Set(readPublicCodes().map(({ code }) => code));
  expect([...SENTENCES.keys()].filter((code) => !told.has(code))).toEqual(['unreachable']);
});
