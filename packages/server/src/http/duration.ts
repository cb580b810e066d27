/** Measures how long requests take, from their headers to the end of their answer. */
import type { ServerResponse } from 'node:http';
import type { Metrics } from '../metrics.ts';

/** @param route - the pattern; empty where no route fits. */
export function measure(outgoing: ServerResponse, route: string, metrics: Pick<Metrics, 'answered'>): void {
  const start = performance.now();
  outgoing.once('close', () => {
    const status = outgoing.headersSent ? outgoing.statusCode : null;
    metrics.answered({ route: route === '' ? 'none' : route, status, seconds: (performance.now() - start) / 1_000 });
  });
}
