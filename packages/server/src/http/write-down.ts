/** Writes a refusal down: with its facts for operators, and in the audit trail when somebody was denied or could not sign in. */
import type { Refusal } from '@lamplighter/auth-core';
import type { AuditedCall, AuditLog } from '../audit.ts';
import type { EventLog } from '../log.ts';
import { ROUTES } from '../routes.ts';

export interface RefusalFacts {
  readonly refusal: Refusal;
  readonly status: number;
  readonly call: AuditedCall;
  /** A cluster of ours, or null. */
  readonly cluster: string | null;
}

/** Where people are signed in: whatever goes wrong there is a sign-in that failed. */
const SIGN_INS: ReadonlySet<string> = new Set(
  ROUTES.filter(({ handler }) => handler === 'loginCallback' || handler === 'setToken').map(({ path }) => path),
);

export function recordRefusal(
  { refusal, status, call, cluster }: RefusalFacts,
  {
    log,
    audit,
  }: { readonly log: Pick<EventLog, 'refused'>; readonly audit: Pick<AuditLog, 'denied' | 'signInFailed'> },
): void {
  const { requestId, route, verb } = call;
  log.refused(refusal, { requestId, method: verb, route, status });
  const facts = { cluster, person: null, status, reason: refusal.reason };
  if (status === 401 || status === 403) audit.denied(call, facts);
  else if (SIGN_INS.has(route)) audit.signInFailed(call, facts);
}
