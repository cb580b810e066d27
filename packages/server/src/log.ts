/** Owns what is written down, as JSON lines on stdout. Only the facts named here get there: nothing else has a way in. */
import type { Refusal, SessionRecord } from '@lamplighter/auth-core';
import { errorCode } from '@lamplighter/proxy';
import { pino } from 'pino';
import type { LogLevel } from './config/schema.ts';

export interface EventLog {
  listening(url: string, sinceStartMs: number): void;
  warn(sentence: string): void;
  signIn(record: SessionRecord): void;
  signOut(record: SessionRecord): void;
  refused(refusal: Refusal, request: LoggedRequest): void;
  clusterFailure(cluster: string, reason: string, cause: Error): void;
  /** The store could not be swept; it is tried again. */
  storeUnavailable(cause: unknown): void;
  failure(error: unknown): void;
  stopped(): void;
}

export interface LoggedRequest {
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
  return {
    listening: (url, sinceStartMs) => lines.info({ event: 'listening', url, sinceStartMs }, `listening on ${url}`),
    warn: (sentence) => lines.warn({ event: 'warning' }, sentence),
    signIn: (record) => lines.info({ event: 'sign_in', ...facts(record), until: record.expiresAt }, 'signed in'),
    signOut: (record) => lines.info({ event: 'sign_out', ...facts(record) }, 'signed out'),
    refused: ({ reason, ...more }, request) =>
      lines.info({ event: 'refused', reason, ...request, facts: more }, 'refused'),
    clusterFailure: (cluster, reason, cause) =>
      lines.warn(
        { event: 'cluster_failure', cluster, reason, error: errorCode(cause) ?? cause.name },
        'a cluster did not answer',
      ),
    storeUnavailable: (cause) =>
      lines.warn({ event: 'store_unavailable', ...describe(cause) }, 'the session store did not answer'),
    failure: (error) => lines.error({ event: 'failure', ...describe(error) }, 'a request failed for a reason of ours'),
    stopped: () => lines.info({ event: 'stopped' }, 'stopped'),
  };
}

function facts({ method, cluster, person, identity }: SessionRecord): object {
  return { method, cluster, username: person.username, ...(identity ?? {}) };
}

// A message may quote what failed to parse; the place in our own code is what helps.
function describe(error: unknown): object {
  if (!(error instanceof Error)) return { error: typeof error };
  const stack = error.stack?.split('\n').filter((line) => line.startsWith('    at ')) ?? [];
  return { error: error.name, errorCode: errorCode(error), stack: stack.join('\n') };
}
