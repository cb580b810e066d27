import { describe, expect, it } from 'vitest';
import { Refused } from '../api/refused.ts';
import { type ListState, readListState } from './list-state.ts';
import { readAccess, readScope } from './scope.ts';

const ROWS: ListState = { state: 'rows', list: { rows: [], notShown: 0 }, stale: null };
const REFUSED: ListState = { state: 'refused', message: '' };
const FAILED: ListState = { state: 'failed', message: '' };
const LOADING: ListState = { state: 'loading' };

describe('what somebody may see', () => {
  it.each([
    ['something, when namespaces are listed and all else is refused', ROWS, [REFUSED, REFUSED], 'some'],
    ['something, when one kind is listed', REFUSED, [REFUSED, ROWS], 'some'],
    ['something, as soon as one kind is listed', LOADING, [LOADING, ROWS], 'some'],
    ['open, while an answer is awaited', REFUSED, [REFUSED, LOADING], 'undecided'],
    ['nothing, when everything is refused', REFUSED, [REFUSED, REFUSED], 'none'],
    ['unknown, when nothing answers', FAILED, [FAILED, FAILED], 'unreachable'],
    ['not nothing, when one list merely failed', REFUSED, [REFUSED, FAILED], 'some'],
  ] as const)('is %s', (_words, namespaces, kinds, access) => {
    expect(readAccess(namespaces, kinds)).toBe(access);
  });
});

describe('a list', () => {
  const data = { rows: [], notShown: 0 };
  it('is loading before the first answer', () => {
    expect(readListState({ data: undefined, error: null })).toEqual(LOADING);
  });

  it('stays, marked, when a refresh fails', () => {
    const error = new Refused(502, 'cluster_unreachable', 'No answer.');
    expect(readListState({ data, error })).toEqual({ state: 'rows', list: data, stale: 'No answer.' });
  });

  it('goes when the right to see it was taken away', () => {
    const error = new Refused(403, 'Forbidden', 'pods is forbidden');
    expect(readListState({ data, error })).toEqual({ state: 'refused', message: 'pods is forbidden' });
  });
});

describe('the namespace in an address', () => {
  it.each([null, ''])('is all of them for %j', (written) => {
    expect(readScope(written)).toEqual({ scope: 'all' });
  });

  it('is the one written', () => {
    expect(readScope('team-a')).toEqual({ scope: 'one', namespace: 'team-a' });
  });

  it('is impossible when nothing can have that name', () => {
    expect(readScope('..')).toEqual({ scope: 'impossible', written: '..' });
  });
});
