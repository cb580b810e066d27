/** Turns any failed answer into one typed error the page can explain; it knows nothing of what was asked. */
import type { ErrorResponse } from '@lamplighter/server/wire';
import { at, text } from './json.ts';

/** The header in which our server names the reason of a refusal (docs/errors.md). */
const REASON_HEADER = 'Lamplighter-Reason';

/** A request that did not succeed. `status` is 0 when no answer came at all. */
export class Refused extends Error {
  override readonly name = 'Refused';
  readonly status: number;
  /** Our server's stable code, else the cluster's Status reason, else an empty string. */
  readonly reason: string;
  /** Whether our server refused it. Otherwise the cluster did, something in between, or nobody. */
  readonly isOurs: boolean;

  constructor(status: number, reason: string, message: string, options: ErrorOptions & { isOurs?: boolean } = {}) {
    super(message, options);
    this.status = status;
    this.reason = reason;
    this.isOurs = options.isOurs ?? false;
  }
}

/** The page could not reach its server: no status, no reason of the server's. */
export function unreachable(cause: unknown): Refused {
  return new Refused(0, 'unreachable', 'The server does not answer. Check your connection.', { cause });
}

/**
 * Reads a refusal: the body is our `ErrorResponse`, a Kubernetes `Status`, or neither (a proxy in between answered).
 * The header counts before the body, because the cluster can write a body but not our header.
 */
export async function readRefusal(response: Response): Promise<Refused> {
  const body: unknown = await response.json().catch(() => null);
  const ours = text(response.headers.get(REASON_HEADER));
  const reason = ours ?? text(at(body, 'reason' satisfies keyof ErrorResponse)) ?? '';
  const message = text(at(body, 'message' satisfies keyof ErrorResponse)) ?? `The answer was ${response.status}.`;
  return new Refused(response.status, reason, message, { isOurs: ours !== undefined });
}

/** Whether a failed question means that nobody is signed in any more. */
export function endsSession(error: unknown): error is Refused {
  return error instanceof Refused && error.status === 401 && error.isOurs;
}

/** Whether asking again at once could help: a refusal (4xx) is an answer, everything else may pass. */
export function mayPass(error: unknown): boolean {
  return !(error instanceof Refused) || error.status === 0 || error.status >= 500;
}
