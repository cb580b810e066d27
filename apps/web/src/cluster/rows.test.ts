import { describe, expect, it } from 'vitest';
import { ageInWords } from './age.ts';
import { KINDS, NAMESPACES } from './kinds.ts';
import { readRows } from './rows.ts';

const SECRETS = KINDS.find(({ plural }) => plural === 'secrets') ?? NAMESPACES;

describe('the rows of a list', () => {
  it('hold name, namespace, state and time', () => {
    const metadata = { name: 'team-a', creationTimestamp: '2026-01-02T03:04:05Z' };
    expect(readRows(NAMESPACES, { items: [{ metadata, status: { phase: 'Active' } }] })).toEqual({
      rows: [
        { name: 'team-a', namespace: '', status: { words: 'Active', tone: 'good' }, created: '2026-01-02T03:04:05Z' },
      ],
      notShown: 0,
    });
  });

  it('keep no value of a secret, should the cluster send one', () => {
    const item = { metadata: { name: 'db', namespace: 'a', annotations: { x: 'hunter2' } }, data: { p: 'hunter2' } };
    expect(JSON.stringify(readRows(SECRETS, { items: [item] }))).not.toContain('hunter2');
  });

  it.each([
    [{}, 0],
    [{ continue: '' }, 0],
    [{ continue: 'abc', remainingItemCount: 17 }, 17],
    [{ continue: 'abc' }, null],
  ])('with the list’s metadata %j leave out %s', (metadata, notShown) => {
    expect(readRows(NAMESPACES, { metadata, items: [] }).notShown).toBe(notShown);
  });

  it.each([null, 'text', {}, { items: null }, { items: [null] }])('are read from %j without failing', (body) => {
    expect(readRows(NAMESPACES, body).notShown).toBe(0);
  });
});

describe('an age', () => {
  const nowMs = Date.parse('2026-01-02T03:04:05Z');
  it.each([
    ['2026-01-02T03:04:05Z', '0s'],
    ['2026-01-02T03:04:06Z', '0s'],
    ['2026-01-02T03:03:06Z', '59s'],
    ['2026-01-02T03:03:05Z', '1m'],
    ['2026-01-02T02:04:05Z', '1h'],
    ['2026-01-01T03:04:06Z', '23h'],
    ['2025-12-30T03:04:05Z', '3d'],
    ['2023-01-02T03:04:05Z', '3y'],
    ['', ''],
    ['yesterday', ''],
  ])('since %j is %j', (created, words) => {
    expect(ageInWords(created, nowMs)).toBe(words);
  });
});
