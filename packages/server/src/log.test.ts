import { expect, test } from 'vitest';
import { createEventLog, type EventLog } from './log.ts';

function written(
  write: (log: EventLog) => void,
  level: 'debug' | 'info' = 'debug',
): readonly Record<string, unknown>[] {
  const logged: string[] = [];
  write(createEventLog(level, { write: (line: string) => void logged.push(line) }));
  return logged.map((line): Record<string, unknown> => JSON.parse(line));
}

test('a refusal is written with its facts, its route and the id the audit trail knows it by', () => {
  const request = { requestId: 'a-uuid', method: 'GET', route: '/oidc-callback', status: 400 };
  const lines = written((log) =>
    log.refused({ reason: 'issuer_mixed_up', expected: 'https://a.example', given: 'https://b.example' }, request),
  );
  expect(lines).toMatchObject([
    {
      event: 'refused',
      reason: 'issuer_mixed_up',
      ...request,
      facts: { expected: 'https://a.example', given: 'https://b.example' },
    },
  ]);
});

test('what was thrown is written by its place in the code, and never by its message, which may quote anything', () => {
  const lines = written((log) => {
    log.failure(new TypeError('t0ken-canary'));
    log.failure('t0ken-canary');
    log.storeUnavailable(new Error('redis://:passw0rd-canary@store', { cause: new Error('t0ken-canary') }));
    log.clusterFailure(
      'main',
      'cluster_unreachable',
      Object.assign(new Error('t0ken-canary'), { code: 'ECONNREFUSED' }),
    );
    log.handshakeFailed(new Error('t0ken-canary'));
  });
  expect(lines.map(({ event }) => event)).toEqual([
    'failure',
    'failure',
    'store_unavailable',
    'cluster_failure',
    'handshake_failed',
  ]);
  expect(lines[0]).toMatchObject({ error: 'TypeError', stack: expect.stringContaining('log.test.ts') });
  expect(lines[3]).toMatchObject({ error: 'ECONNREFUSED' });
  expect(JSON.stringify(lines)).not.toContain('canary');
});

test('a failed handshake is news to nobody but whoever asks for everything', () => {
  expect(written((log) => log.handshakeFailed(new Error('noise')), 'info')).toEqual([]);
});
