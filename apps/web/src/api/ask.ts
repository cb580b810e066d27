/** The one way the page speaks to its server: same-origin, JSON, and every failure as `Refused`. It keeps nothing. */
import type { OwnFetch } from '../navigation/base-path.ts';
import { Refused, readRefusal, unreachable } from './refused.ts';

export interface Question {
  readonly fetch: OwnFetch;
  /** Below the base path. */
  readonly path: string;
  /** Ends the question when the page no longer needs the answer. */
  readonly signal?: AbortSignal;
  /** What kind of JSON is wanted. Default: `application/json`. */
  readonly accept?: string;
  /** Sent as JSON by POST; without it the question is a GET, or the method named. */
  readonly post?: unknown;
  readonly method?: 'DELETE';
}

export interface Answer {
  readonly body: unknown;
  /** The server's clock when it answered, in milliseconds since 1970; null when it did not say. */
  readonly serverTimeMs: number | null;
}

/** Asks once. Rejects with `Refused` for every status but 2xx, for no answer, and for an answer that is not JSON. */
export async function ask({
  fetch,
  path,
  signal,
  accept = 'application/json',
  post,
  method,
}: Question): Promise<Answer> {
  const headers: Record<string, string> = { Accept: accept };
  const init: RequestInit = { headers, credentials: 'same-origin', redirect: 'error', cache: 'no-store' };
  if (signal !== undefined) init.signal = signal;
  if (method !== undefined) init.method = method;
  if (post !== undefined) {
    init.method = 'POST';
    headers['Content-Type'] = 'application/json';
    init.body = JSON.stringify(post);
  }
  const response = await fetch(path, init).catch((cause: unknown) => {
    if (signal?.aborted === true) throw cause;
    throw unreachable(cause);
  });
  if (!response.ok) throw await readRefusal(response);
  return { body: await readJson(response), serverTimeMs: readDate(response.headers.get('Date')) };
}

async function readJson(response: Response): Promise<unknown> {
  const raw = await response.text();
  if (raw.trim() === '') return null;
  try {
    return JSON.parse(raw);
  } catch (cause) {
    throw new Refused(response.status, 'not_json', 'The answer was not JSON: something else answers here.', { cause });
  }
}

function readDate(header: string | null): number | null {
  const timeMs = Date.parse(header ?? '');
  return Number.isNaN(timeMs) ? null : timeMs;
}
