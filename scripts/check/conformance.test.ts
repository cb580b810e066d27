import { expect, test } from 'vitest';
import { conformanceProblems, conformanceText, proofsIn } from './conformance.ts';

const C1 = { id: 'C1', demand: 'one', source: 'RFC 1', due: 'now' } as const;
const C2 = { id: 'C2', demand: 'two', source: 'RFC 2', due: 'later' } as const;

test('a title proves the requirements it ends with, whatever quotes it stands in', () => {
  const text = `test('a is refused [C1]', f); it.each(x)("%s isn't b [C1, C2]", f); test(\`c [C9]\`, f); test('none', f);`;
  expect(proofsIn('x.test.ts', text).map(({ title, ids }) => [title, ...ids])).toEqual([
    ['a is refused', 'C1'],
    ["%s isn't b", 'C1', 'C2'],
    ['c', 'C9'],
  ]);
});

test('a requirement without a test is a breach, unless it is due later', () => {
  const problems = conformanceProblems([], conformanceText([], new Map(), [C1, C2]), [C1, C2]);
  expect(problems).toEqual(['C1 (one) has no test with its id']);
});

test('an id that is no requirement, and a page that is out of date, are breaches', () => {
  const proofs = proofsIn('x.test.ts', "test('a [C1]', f); test('b [C77]', f);");
  expect(conformanceProblems(proofs, 'old', [C1])).toEqual([
    'x.test.ts names C77, which is no requirement',
    'docs/conformance.md is out of date: pnpm conformance',
  ]);
});

test('a page whose results are of an earlier run is not out of date', () => {
  const proofs = proofsIn('x.test.ts', "test('a [C1]', f);");
  const written = conformanceText(proofs, new Map([['C1', '1 of 1 passed']]), [C1]);
  expect(written).toContain('| a (`x.test.ts`) | 1 of 1 passed |');
  expect(conformanceProblems(proofs, written, [C1])).toEqual([]);
});
