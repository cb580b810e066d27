/** Owns what is counted, for /metrics. Every label has few values, known beforehand: never a path, a name or anything a client wrote. */
import type { ReasonCode, SignInMethod } from '@lamplighter/auth-core';
import { REQUEST_DURATION_BUCKETS_SECONDS } from './constants.ts';

export type EndedBy = 'browser' | 'person' | 'operator' | 'provider' | 'cluster' | 'refresh';

export interface Metrics {
  signedIn(method: SignInMethod): void;
  /** @param reason - null when the provider gave a new token. */
  refreshed(reason: ReasonCode | null): void;
  sessionsEnded(by: EndedBy, count: number): void;
  /** @param reason - ours, or null when it was the cluster that said no. */
  denied(reason: ReasonCode | null): void;
  /** @param status - null when the exchange ended before it had one. */
  answered(request: { readonly route: string; readonly status: number | null; readonly seconds: number }): void;
  /** A request to a cluster has begun; what is returned is called once, when it has ended. */
  forwarding(): () => void;
  /** What /metrics answers. */
  read(): Promise<{ readonly contentType: string; readonly text: string }>;
}

/** Loads the library that counts, which a server without metrics does without. */
export async function createMetrics(): Promise<Metrics> {
  const { default: prometheus } = await import('prom-client');
  // Not the library's own registry, which every server of a process would share.
  const registry = new prometheus.Registry();
  const registers = [registry];
  prometheus.collectDefaultMetrics({ register: registry });
  const counter = <Label extends string>(name: string, help: string, labelNames: Label[]) =>
    new prometheus.Counter({ name: `lamplighter_${name}`, help, labelNames, registers });

  const signIns = counter('sign_ins_total', 'Sessions begun, by how people signed in.', ['method']);
  const refreshes = counter('refreshes_total', 'Renewals of a bearer at the provider.', ['outcome', 'reason']);
  const ended = counter('sessions_ended_total', 'Sessions ended before their time, by who ended them.', ['by']);
  const denials = counter('denials_total', 'Answers 401 and 403: ours by reason, and `cluster` for its own.', [
    'reason',
  ]);
  const requests = new prometheus.Histogram({
    name: 'lamplighter_request_duration_seconds',
    help: 'From the request’s headers to the end of its answer; a watch counts when it ends.',
    labelNames: ['route', 'status'],
    buckets: [...REQUEST_DURATION_BUCKETS_SECONDS],
    registers,
  });
  const open = new prometheus.Gauge({
    name: 'lamplighter_cluster_requests_open',
    help: 'Requests to clusters that have not ended, watches and other open streams among them.',
    registers,
  });

  return {
    signedIn: (method) => signIns.inc({ method }),
    refreshed: (reason) => refreshes.inc({ outcome: reason === null ? 'success' : 'failure', reason: reason ?? '' }),
    sessionsEnded: (by, count) => ended.inc({ by }, count),
    denied: (reason) => denials.inc({ reason: reason ?? 'cluster' }),
    answered: ({ route, status, seconds }) => requests.observe({ route, status: statusClass(status) }, seconds),
    forwarding: () => {
      open.inc();
      return () => open.dec();
    },
    read: async () => ({ contentType: registry.contentType, text: await registry.metrics() }),
  };
}

function statusClass(status: number | null): string {
  return status === null ? 'none' : `${Math.floor(status / 100)}xx`;
}
