import { requirements } from '@lamplighter/fixtures';
import { expect, test } from 'vitest';
import { resultsOf, tallyConformance } from './conformance.ts';

const due = requirements.filter((requirement) => requirement.due === 'now').map(({ id }) => id);
const all = due.map((id) => ({ title: `proves it [${id}]`, passed: true }));

test('a requirement passes when each of its tests did', () => {
  expect(tallyConformance(all)).toEqual({ passed: due.length, failed: 0, skipped: [], lacking: [] });
});

test('a requirement fails when one of its tests did, or none ran', () => {
  const { failed, lacking } = tallyConformance([...all.slice(1), { title: 'proves two [C2, C3]', passed: false }]);
  expect([failed, ...lacking]).toEqual([3, 'C1: no test ran', 'C2: 1 of 2 passed', 'C3: 1 of 2 passed']);
});

test('an id in the middle of a title proves nothing', () => {
  expect(resultsOf([{ title: 'speaks of [C1] only', passed: true }]).size).toBe(0);
});
