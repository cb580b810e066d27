/** What a section shows: one state out of the many a query can be in. */
import { Refused } from '../api/refused.ts';
import type { Rows } from './rows.ts';

export type ListState =
  | { readonly state: 'loading' }
  /** `stale` is why the last refresh failed, if it did: old rows are better than none. */
  | { readonly state: 'rows'; readonly list: Rows; readonly stale: string | null }
  /** The cluster said no (403): what was seen before is no longer shown. */
  | { readonly state: 'refused'; readonly message: string }
  | { readonly state: 'failed'; readonly message: string };

export function readListState(query: { readonly data: Rows | undefined; readonly error: Error | null }): ListState {
  const { data, error } = query;
  const message = error instanceof Refused ? error.message : 'Something went wrong.';
  if (error instanceof Refused && error.status === 403) return { state: 'refused', message };
  if (data !== undefined) return { state: 'rows', list: data, stale: error === null ? null : message };
  return error === null ? { state: 'loading' } : { state: 'failed', message };
}
