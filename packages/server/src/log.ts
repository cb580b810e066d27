/** Owns what is written down, as JSON lines on stdout. Only the facts named here get there: nothing else has a way in. */
import type { Refusal } from '@lamplighter/auth-core';
import { errorCode } from '@lamplighter/proxy';
import { pino } from 'pino';
import type { AuditLine } from './audit.ts';
import type { LogLevel } from './config/schema.ts';

export interface EventLog {
  listening(url: string, sinceStartMs: number): void;
  warn(sentence: string): void;
  /** A line of the audit trail, written whatever the log level. */
  audit(line: AuditLine): void;
  refused(refusal: Refusal, request: LoggedRequest): void;
  clusterFailure(cluster: string, reason: string, cause: Error): void;
  /** A connection that never got as far as a request, because its TLS handshake failed. */
  handshakeFailed(cause: Error): void;
  /** The store could not be swept; it is tried again. */
  storeUnavailable(cause: unknown): void;
  failure(error: unknown): void;
  stopped(): void;
}

export interface LoggedRequest {
  /** Ours; the audit trail has it too. Absent where no request could be read. */
  readonly requestId?: string;
  readonly method: string;
  /** The route's pattern, never the path: queries carry codes. */
  readonly route: string;
  readonly status: number;
}

/** Where lines go. Default: stdout. */
export interface LogSink {
  write(line: string): void;
}

/** A second line of defence; no call below passes such a field. */
const REDACTED = ['token', 'bearer', 'code', 'codeVerifier', 'cookie', 'authorization', 'clientSecret', 'ticket'];

export function createEventLog(level: LogLevel, sink?: LogSink): EventLog {
  const options = {
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
    redact: { paths: REDACTED.flatMap((name) => [name, `*.${name}`]), censor: '[redacted]' },
  };
  const lines = sink === undefined ? pino(options) : pino(options, sink);
  const trail = lines.child({}, { level: 'info' });
  return {
    listening: (url, sinceStartMs) => lines.info({ event: 'listening', url, sinceStartMs }, `listening on ${url}`),
    warn: (sentence) => lines.warn({ event: 'warning' }, sentence),
    audit: (line) => trail.info({ event: 'audit', ...line }, AUDITED[line.action]),
    refused: ({ reason, ...more }, request) =>
      lines.info({ event: 'refused', reason, ...request, facts: more }, 'refused'),
    clusterFailure: (cluster, reason, cause) =>
      lines.warn(
        { event: 'cluster_failure', cluster, reason, error: errorCode(cause) ?? cause.name },
        'a cluster did not answer',
      ),
    handshakeFailed: (cause) =>
      lines.debug({ event: 'handshake_failed', error: errorCode(cause) ?? cause.name }, 'a TLS handshake failed'),
    storeUnavailable: (cause) =>
      lines.warn({ event: 'store_unavailable', ...describe(cause) }, 'the session store did not answer'),
    failure: (error) => lines.error({ event: 'failure', ...describe(error) }, 'a request failed for a reason of ours'),
    stopped: () => lines.info({ event: 'stopped' }, 'stopped'),
  };
}

const AUDITED: Readonly<Record<AuditLine['action'], string>> = {
  sign_in: 'a sign-in',
  sign_out: 'a sign-out',
  sessions_ended: 'sessions were ended',
  refresh: 'a bearer was renewed, or not',
  denied: 'a request was denied',
  write: 'a write was sent to a cluster',
};

// A message may quote what failed to parse; the place in our own code is what helps.
function describe(error: unknown): object {
  if (!(error instanceof Error)) return { error: typeof error };
  const stack = error.stack?.split('\n').filter((line) => line.startsWith('    at ')) ?? [];
  return { error: error.name, errorCode: errorCode(error), stack: stack.join('\n') };
}
