import { expect, test } from 'vitest';
import { READY_STORE_TIMEOUT_MS } from '../constants.ts';
import { createMetrics } from '../metrics.ts';
import { StoreUnavailable } from '../sessions/store.ts';
import { openDoor } from '../testing/door.ts';
import { createMetricsHandler, createReadyHandler, type ReadyDeps } from './plain.ts';

const READY: ReadyDeps = {
  store: { get: async () => undefined },
  provider: { initialised: true },
  isDraining: () => false,
};
const UNAVAILABLE = { get: () => Promise.reject(new StoreUnavailable(new Error('redis://:s3cret@store'))) };

test.each([
  ['all is well', {}, 200, { status: 'ok', store: 'ok', issuer: 'ok' }],
  ['no provider is configured', { provider: null }, 200, { status: 'ok', store: 'ok', issuer: 'none' }],
  [
    'the provider was not had yet',
    { provider: { initialised: false } },
    503,
    { status: 'not_ready', store: 'ok', issuer: 'not_initialised' },
  ],
  [
    'the store does not answer',
    { store: UNAVAILABLE },
    503,
    { status: 'not_ready', store: 'unavailable', issuer: 'ok' },
  ],
  [
    'the store does not answer and no provider is configured',
    { store: UNAVAILABLE, provider: null },
    503,
    { status: 'not_ready', store: 'unavailable', issuer: 'none' },
  ],
  ['the end has begun', { isDraining: () => true }, 503, { status: 'draining', store: 'ok', issuer: 'ok' }],
] as const)('/readyz when %s', async (_, changes, status, body) => {
  await using door = await openDoor({ ready: createReadyHandler({ ...READY, ...changes }) });
  const answer = await door.visitor.get('/readyz');
  expect(answer).toMatchObject({ status, headers: { 'cache-control': 'no-store' } });
  expect(answer.json).toEqual(body);
});

test('a provider that comes later makes the server ready', async () => {
  const provider = { initialised: false };
  await using door = await openDoor({ ready: createReadyHandler({ ...READY, provider }) });
  expect((await door.visitor.get('/readyz')).status).toBe(503);
  provider.initialised = true;
  expect((await door.visitor.get('/readyz')).status).toBe(200);
});

test('a probe that is under way when the end begins hears of it', async () => {
  let isDraining = false;
  const store = {
    get: async () => {
      isDraining = true;
      return undefined;
    },
  };
  const ready = createReadyHandler({ ...READY, store, isDraining: () => isDraining });
  await using door = await openDoor({ ready });
  expect(await door.visitor.get('/readyz')).toMatchObject({ status: 503, json: { status: 'draining' } });
});

test('a store that hangs is waited for no longer than a probe waits', async () => {
  const hanging = { get: () => new Promise<never>(() => undefined) };
  await using door = await openDoor({ ready: createReadyHandler({ ...READY, store: hanging }) });
  const start = performance.now();
  expect((await door.visitor.get('/readyz')).json).toMatchObject({ status: 'not_ready', store: 'unavailable' });
  expect(performance.now() - start).toBeLessThan(READY_STORE_TIMEOUT_MS + 1_000);
});

test('/metrics is no page unless it is switched on', async () => {
  await using door = await openDoor({ metrics: createMetricsHandler(null) });
  expect(await door.visitor.get('/metrics')).toMatchObject({
    status: 404,
    headers: { 'lamplighter-reason': 'not_found' },
  });
});

test('/metrics tells what was counted, with labels that nobody outside can choose', async () => {
  const metrics = await createMetrics();
  await using door = await openDoor({ metrics: createMetricsHandler(metrics) }, { metrics });
  metrics.signedIn('oidc');
  metrics.refreshed(null);
  metrics.refreshed('provider_unreachable');
  metrics.sessionsEnded('provider', 3);
  metrics.denied(null);
  const stillOpen = metrics.forwarding();
  await door.visitor.get('/clusters/main/api/v1/secrets/t0p?x=y');
  await door.visitor.get('/nothing-of-ours');
  const told = async (): Promise<string> => (await door.visitor.get('/metrics')).body;
  await expect.poll(told).toContain('lamplighter_request_duration_seconds_count{route="/…",status="2xx"} 1');
  const text = await told();
  for (const line of [
    'lamplighter_sign_ins_total{method="oidc"} 1',
    'lamplighter_refreshes_total{outcome="success",reason=""} 1',
    'lamplighter_refreshes_total{outcome="failure",reason="provider_unreachable"} 1',
    'lamplighter_sessions_ended_total{by="provider"} 3',
    'lamplighter_denials_total{reason="cluster"} 1',
    'lamplighter_cluster_requests_open 1',
    'lamplighter_request_duration_seconds_count{route="/clusters/{cluster}/…",status="2xx"} 1',
    'process_cpu_seconds_total',
  ])
    expect(text).toContain(line);
  expect(text).not.toMatch(/t0p|nothing-of-ours|main/);
  stillOpen();
  expect(await told()).toContain('lamplighter_cluster_requests_open 0');
});

test('two servers in one process count for themselves', async () => {
  const [one, other] = await Promise.all([createMetrics(), createMetrics()]);
  one.signedIn('token');
  expect((await one.read()).text).toContain('lamplighter_sign_ins_total{method="token"} 1');
  expect((await other.read()).text).not.toContain('lamplighter_sign_ins_total{method="token"}');
});

test('what Prometheus asks for is text of its own format', async () => {
  await using door = await openDoor({ metrics: createMetricsHandler(await createMetrics()) });
  expect((await door.visitor.get('/metrics')).headers['content-type']).toMatch(/^text\/plain; version=0\.0\.4/);
});
