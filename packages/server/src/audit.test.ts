import { type Issuer, parseClusterName, type SessionRecord } from '@lamplighter/auth-core';
import { expect, test } from 'vitest';
import { type AuditLog, createAuditLog } from './audit.ts';
import { createEventLog } from './log.ts';
import type { Metrics } from './metrics.ts';

const CALL = { requestId: 'a-uuid', route: '/clusters/{cluster}/…', verb: 'DELETE' };
const PERSON = { issuer: 'https://issuer.example', subject: 'ada-1', name: 'ada' };

const cluster = parseClusterName('main');
if (cluster === undefined) throw new Error('main is a cluster name');

const RECORD: SessionRecord = {
  version: 2,
  method: 'oidc',
  cluster,
  bearer: 'b3arer-canary',
  bearerSince: 1,
  tokenExpiresAt: 2,
  person: { username: 'ada', email: 'ada@example.com', groups: [], groupsIncomplete: false },
  // Made by parsing elsewhere; here any URL will do.
  identity: { issuer: PERSON.issuer as Issuer, subject: PERSON.subject },
  grant: {
    refreshToken: 'r3fresh-canary',
    idToken: '1d-token-canary',
    nonce: 'n0nce-canary',
    providerSession: 's1d-canary',
    failures: 0,
    retryAt: 0,
  },
  createdAt: 1,
  expiresAt: 3,
  idleTtlSeconds: null,
};

const TOKEN_RECORD: SessionRecord = { ...RECORD, method: 'token', identity: null, grant: null };

/** The one line that is written, and what is counted. */
function lineOf(act: (audit: AuditLog) => void, level: 'debug' | 'error' = 'debug'): Record<string, unknown> {
  const logged: string[] = [];
  const log = createEventLog(level, { write: (line: string) => void logged.push(line) });
  act(createAuditLog(log, null));
  expect(logged.length).toBe(1);
  return JSON.parse(logged[0] ?? '');
}

const MEMBERS = [
  'action',
  'cluster',
  'event',
  'method',
  'outcome',
  'person',
  'provider',
  'reason',
  'requestId',
  'route',
  'status',
  'time',
  'verb',
];

const DENIED = { cluster: 'main', person: PERSON, status: 403, reason: null };

test.each<[string, (audit: AuditLog) => void, object]>([
  [
    'a sign-in',
    (audit) => audit.signIn(CALL, RECORD),
    {
      action: 'sign_in',
      outcome: 'success',
      ...CALL,
      person: PERSON,
      cluster: 'main',
      provider: PERSON.issuer,
      method: 'oidc',
    },
  ],
  [
    'a sign-in with a token',
    (audit) => audit.signIn(CALL, TOKEN_RECORD),
    { action: 'sign_in', person: { issuer: null, subject: null, name: 'ada' }, provider: null, method: 'token' },
  ],
  [
    'a sign-in that failed',
    (audit) => audit.signInFailed(CALL, { cluster: null, person: null, status: 502, reason: 'id_token_refused' }),
    { action: 'sign_in', outcome: 'failure', status: 502, reason: 'id_token_refused', person: null },
  ],
  ['a sign-out', (audit) => audit.signOut(CALL, RECORD), { action: 'sign_out', outcome: 'success', person: PERSON }],
  [
    'sessions a provider ended',
    (audit) => audit.sessionsEnded('provider', { count: 2, person: PERSON, cluster: null, reason: null }),
    { action: 'sessions_ended', by: 'provider', count: 2, person: PERSON, provider: PERSON.issuer, requestId: null },
  ],
  ['a refresh', (audit) => audit.refresh(RECORD, null), { action: 'refresh', outcome: 'success', reason: null }],
  [
    'a refresh that failed',
    (audit) => audit.refresh(RECORD, 'refresh_refused'),
    { action: 'refresh', outcome: 'failure', reason: 'refresh_refused', person: PERSON },
  ],
  ['a denial', (audit) => audit.denied(CALL, DENIED), { action: 'denied', outcome: 'failure', ...CALL, ...DENIED }],
  [
    'a write',
    (audit) => audit.write(CALL, { cluster: 'main', person: null, status: 201 }),
    { action: 'write', outcome: 'success', ...CALL, status: 201 },
  ],
  [
    'a write that failed',
    (audit) => audit.write(CALL, { cluster: 'main', person: null, status: 409 }),
    { action: 'write', outcome: 'failure', status: 409 },
  ],
])('%s is one line with every member, and no secret', (_, act, expected) => {
  const line = lineOf(act);
  expect(line).toMatchObject({ event: 'audit', ...expected });
  expect(Object.keys(line)).toEqual(expect.arrayContaining(MEMBERS));
  expect(JSON.stringify(line)).not.toContain('canary');
});

test('the trail is written whatever the log level, or somebody could switch it off by asking for less', () => {
  expect(lineOf((audit) => audit.signIn(CALL, RECORD), 'error')).toMatchObject({ event: 'audit', level: 'info' });
});

test('what is written down is counted as well', () => {
  const counted: unknown[] = [];
  const count =
    (name: string) =>
    (...values: unknown[]): void =>
      void counted.push([name, ...values]);
  const metrics: Metrics = {
    signedIn: count('signedIn'),
    refreshed: count('refreshed'),
    sessionsEnded: count('sessionsEnded'),
    denied: count('denied'),
    answered: count('answered'),
    forwarding: () => () => undefined,
    read: async () => ({ contentType: '', text: '' }),
  };
  const audit = createAuditLog({ audit: () => undefined }, metrics);
  audit.signIn(CALL, RECORD);
  audit.signOut(CALL, RECORD);
  audit.sessionsEnded('cluster', { count: 2, person: null, cluster: null, reason: null });
  audit.refresh(RECORD, 'provider_unreachable');
  audit.denied(CALL, DENIED);
  audit.write(CALL, { cluster: 'main', person: null, status: 200 });
  expect(counted).toEqual([
    ['signedIn', 'oidc'],
    ['sessionsEnded', 'browser', 1],
    ['sessionsEnded', 'cluster', 2],
    ['refreshed', 'provider_unreachable'],
    ['denied', null],
  ]);
});
