/** Owns the testbed's failures: each is one sentence for a person, with a code that programs may match on. */

/** What went wrong, as a stable code. */
export type TestbedErrorCode =
  | 'part-died'
  | 'wait-timed-out'
  | 'part-unavailable'
  | 'build-failed'
  | 'disk-full'
  | 'download-failed'
  | 'port-in-use'
  | 'world-exists'
  | 'world-unknown'
  | 'cluster-refused'
  | 'provider-refused'
  | 'browser-unavailable'
  | 'interrupted'
  | 'bad-input';

/** A failure of a world or of one of its parts. `message` is fit to be printed as it is; `details` (log lines) may follow it. */
export class TestbedError extends Error {
  override readonly name = 'TestbedError';
  readonly code: TestbedErrorCode;
  readonly details: string;

  constructor(code: TestbedErrorCode, message: string, options: { details?: string; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? {} : { cause: options.cause });
    this.code = code;
    this.details = options.details ?? '';
  }
}

/** The system's own error code (`ENOENT`, `EADDRINUSE`, …), or an empty string for anything else that was thrown. */
export function systemCode(thrown: unknown): string {
  return thrown instanceof Error && 'code' in thrown && typeof thrown.code === 'string' ? thrown.code : '';
}
