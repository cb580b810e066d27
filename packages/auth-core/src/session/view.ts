/** Owns what may be told of a session: its limits and how it began, nothing it holds. */
import type { EpochSeconds } from '../brands.ts';
import type { LiveSession, SignInMethod } from './record.ts';

export interface SessionView {
  readonly method: SignInMethod;
  readonly expiresAt: EpochSeconds;
  readonly idleExpiresAt: EpochSeconds | null;
  readonly tokenExpiresAt: EpochSeconds | null;
}

export function viewSession({ record, idleExpiresAt }: LiveSession): SessionView {
  const { method, expiresAt, tokenExpiresAt } = record;
  return { method, expiresAt, idleExpiresAt, tokenExpiresAt };
}
