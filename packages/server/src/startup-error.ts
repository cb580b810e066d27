/** A start that cannot succeed, told in one sentence for the person who started it. */

import { escapeControls } from './config/problems.ts';

export type StartupFailure = 'failed' | 'port_in_use';

/** Headlamp's exit codes: 98 is Linux's EADDRINUSE. */
const EXIT_CODES: Readonly<Record<StartupFailure, number>> = { failed: 1, port_in_use: 98 };

export class StartupError extends Error {
  override readonly name = 'StartupError';
  readonly exitCode: number;

  constructor(failure: StartupFailure, sentence: string, options?: ErrorOptions) {
    super(escapeControls(sentence), options);
    this.exitCode = EXIT_CODES[failure];
  }
}
