/** Owns the audit trail: one structured line for each sign-in, sign-out, refresh, denial and proxied write. Never a secret. */
import type { ReasonCode, SessionRecord, SignInMethod } from '@lamplighter/auth-core';
import type { EventLog } from './log.ts';
import type { EndedBy, Metrics } from './metrics.ts';

/** The request a line is about. */
export interface AuditedCall {
  /** Ours, a UUID; the API server's audit log has it as `auditID`. */
  readonly requestId: string;
  /** The route's pattern, never the path: paths and queries may carry what nobody should read. */
  readonly route: string;
  readonly verb: string;
}

/** Whom a line is about, as far as it is known. */
export interface AuditedPerson {
  readonly issuer: string | null;
  readonly subject: string | null;
  readonly name: string;
}

export interface AuditLog {
  signIn(call: AuditedCall, record: SessionRecord): void;
  /** A sign-in that came to nothing, for another reason than a denial (`denied` has its own line). */
  signInFailed(call: AuditedCall, facts: DeniedFacts): void;
  signOut(call: AuditedCall, record: SessionRecord): void;
  /** Sessions that ended without their browser asking for it. */
  sessionsEnded(by: Exclude<EndedBy, 'browser'>, facts: EndedFacts): void;
  /** `reason`: null when the provider gave a new token. */
  refresh(record: SessionRecord, reason: ReasonCode | null): void;
  /** `reason`: ours, or null when it was the cluster that said no. */
  denied(call: AuditedCall, facts: DeniedFacts): void;
  write(call: AuditedCall, facts: WriteFacts): void;
}

export interface EndedFacts {
  readonly count: number;
  readonly person: AuditedPerson | null;
  readonly cluster: string | null;
  readonly reason: ReasonCode | null;
}

export interface DeniedFacts {
  readonly cluster: string | null;
  readonly person: AuditedPerson | null;
  readonly status: number;
  readonly reason: ReasonCode | null;
}

export interface WriteFacts {
  readonly cluster: string;
  readonly person: AuditedPerson | null;
  readonly status: number;
}

/** One line. What is not known, or does not apply, is null: every line has every member. */
export interface AuditLine {
  readonly action: 'sign_in' | 'sign_out' | 'sessions_ended' | 'refresh' | 'denied' | 'write';
  readonly outcome: 'success' | 'failure';
  readonly requestId: string | null;
  readonly route: string | null;
  /** The request's HTTP method. */
  readonly verb: string | null;
  readonly person: AuditedPerson | null;
  readonly cluster: string | null;
  /** The issuer the person signed in with. */
  readonly provider: string | null;
  /** How the person signed in. */
  readonly method: SignInMethod | null;
  readonly reason: ReasonCode | null;
  readonly status: number | null;
  /** Of `sessions_ended` only: who ended them, and how many. */
  readonly by?: EndedBy;
  readonly count?: number;
}

/** @param metrics - null when nothing is counted. */
export function createAuditLog(log: Pick<EventLog, 'audit'>, metrics: Metrics | null): AuditLog {
  return {
    signIn: (call, record) => {
      log.audit({ ...lineOf('sign_in', 'success'), ...call, ...factsOf(record) });
      metrics?.signedIn(record.method);
    },
    signInFailed: (call, facts) => log.audit({ ...lineOf('sign_in', 'failure'), ...call, ...withProvider(facts) }),
    signOut: (call, record) => {
      log.audit({ ...lineOf('sign_out', 'success'), ...call, ...factsOf(record) });
      metrics?.sessionsEnded('browser', 1);
    },
    sessionsEnded: (by, facts) => {
      log.audit({ ...lineOf('sessions_ended', 'success'), by, ...withProvider(facts) });
      metrics?.sessionsEnded(by, facts.count);
    },
    refresh: (record, reason) => {
      log.audit({ ...lineOf('refresh', reason === null ? 'success' : 'failure'), ...factsOf(record), reason });
      metrics?.refreshed(reason);
    },
    denied: (call, facts) => {
      log.audit({ ...lineOf('denied', 'failure'), ...call, ...withProvider(facts) });
      metrics?.denied(facts.reason);
    },
    write: (call, facts) => {
      const outcome = facts.status < 400 ? 'success' : 'failure';
      log.audit({ ...lineOf('write', outcome), ...call, ...withProvider(facts) });
    },
  };
}

function lineOf(action: AuditLine['action'], outcome: AuditLine['outcome']): AuditLine {
  const call = { requestId: null, route: null, verb: null };
  return {
    action,
    outcome,
    ...call,
    person: null,
    cluster: null,
    provider: null,
    method: null,
    reason: null,
    status: null,
  };
}

/** Whom a session is of. */
export function auditedPerson({ identity, person }: SessionRecord): AuditedPerson {
  return { issuer: identity?.issuer ?? null, subject: identity?.subject ?? null, name: person.username };
}

function factsOf(record: SessionRecord): Pick<AuditLine, 'person' | 'cluster' | 'provider' | 'method'> {
  const { cluster, method } = record;
  return { ...withProvider({ person: auditedPerson(record) }), cluster, method };
}

function withProvider<Facts extends { readonly person: AuditedPerson | null }>(
  facts: Facts,
): Facts & { readonly provider: string | null } {
  return { ...facts, provider: facts.person?.issuer ?? null };
}
