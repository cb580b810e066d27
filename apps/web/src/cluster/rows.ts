/** Turns a Kubernetes list into the rows the page shows, and keeps nothing else of it. */
import { at, count, list, text } from '../api/json.ts';
import type { Kind } from './kinds.ts';
import type { RowStatus } from './row-status.ts';

export interface Row {
  readonly name: string;
  /** Empty for what lives in no namespace. */
  readonly namespace: string;
  readonly status: RowStatus | null;
  /** RFC 3339, or empty. */
  readonly created: string;
}

export interface Rows {
  readonly rows: readonly Row[];
  /** How many objects the list left out: 0 for none, null for some, but the API server does not say how many. */
  readonly notShown: number | null;
}

export function readRows(kind: Kind, body: unknown): Rows {
  const more = text(at(body, 'metadata', 'continue')) !== undefined;
  return {
    rows: list(at(body, 'items')).map((item) => ({
      name: text(at(item, 'metadata', 'name')) ?? '',
      namespace: text(at(item, 'metadata', 'namespace')) ?? '',
      status: kind.status === null ? null : kind.status(item),
      created: text(at(item, 'metadata', 'creationTimestamp')) ?? '',
    })),
    notShown: more ? (count(at(body, 'metadata', 'remainingItemCount')) ?? null) : 0,
  };
}
