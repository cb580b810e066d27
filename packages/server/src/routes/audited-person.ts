/** Whom an audit line is about, as far as a request's credential says. A bearer nobody has verified here names nobody. */
import { type AuditedPerson, auditedPerson } from '../audit.ts';
import type { FoundSession } from '../sessions/sessions.ts';
import type { Decision } from './decide-credential.ts';

export function personOfDecision(decision: Extract<Decision, { ok: true }>): AuditedPerson | null {
  if (decision.from === 'session') return personOfSession(decision.session);
  if (decision.from !== 'proxy' || decision.person === null) return null;
  return { issuer: null, subject: null, name: decision.person.username };
}

export function personOfSession({ live }: FoundSession): AuditedPerson {
  return auditedPerson(live.record);
}
