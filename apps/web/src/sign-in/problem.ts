/** Why a token let nobody in, in plain words. */
import { Refused } from '../api/refused.ts';

/** A sentence of the page's, and the server's own words beside it. */
export interface Problem {
  readonly sentence: string;
  readonly detail: string | null;
}

export const NO_TOKEN: Problem = { sentence: 'Paste a token first.', detail: null };

/** By reason code (docs/errors.md), and `unreachable` where there was no answer. A code the server adds later falls back to its status. */
export const SENTENCES: ReadonlyMap<string, string> = new Map([
  ['token_blank', NO_TOKEN.sentence],
  ['token_malformed', 'This is not a token. Check that all of it was copied, and nothing else.'],
  ['token_refused', 'The cluster does not accept this token.'],
  ['review_forbidden', 'The cluster does not let this token ask whose it is.'],
  ['cluster_unreachable', 'The token could not be tried: the cluster does not answer.'],
  ['cluster_timeout', 'The token could not be tried: the cluster does not answer in time.'],
  ['unreachable', 'The token could not be tried: the server does not answer.'],
]);

/** Never shows what was pasted: it is not given it. */
export function explainRefusal(error: unknown): Problem {
  if (!(error instanceof Refused)) return { sentence: 'Something went wrong. You are not signed in.', detail: null };
  return { sentence: SENTENCES.get(error.reason) ?? byStatus(error.status), detail: error.message };
}

function byStatus(status: number): string {
  if (status === 401) return 'The cluster does not accept this token.';
  if (status >= 500) return 'The token could not be tried.';
  return 'You could not be signed in.';
}
