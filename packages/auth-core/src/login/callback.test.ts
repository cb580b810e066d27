import { expect, test } from 'vitest';
import { toIssuer } from '../brands.ts';
import type { Refusal } from '../reasons.ts';
import { type CallbackFacts, judgeCallback, type QueryPairs, readCallbackState } from './callback.ts';
import { NOW, validLogin } from './login.fixture.ts';

const login = validLogin();
const issuer = login.issuer;
const query: QueryPairs = [
  ['state', login.state],
  ['code', 'c0de'],
];
const valid: CallbackFacts = { query, login, issuer, issPromised: false, now: NOW + 60 };

test('an answer of the right state, in time, with a code, is accepted', () => {
  expect(judgeCallback(valid)).toEqual({ ok: true, value: { login, code: 'c0de', iss: null } });
});

test('the issuer an answer names is accepted when it is the one asked', () => {
  const facts = { ...valid, issPromised: true, query: [...query, ['iss', issuer] as const] };
  expect(judgeCallback(facts)).toMatchObject({ ok: true, value: { iss: issuer } });
});

test('a login may take ten minutes to the second', () => {
  expect(judgeCallback({ ...valid, now: NOW + 600 }).ok).toBe(true);
});

const with_ = (...pairs: QueryPairs): QueryPairs => [...query, ...pairs];
const refusals: readonly (readonly [name: string, changes: Partial<CallbackFacts>, reason: Refusal['reason']])[] = [
  ['no state', { query: [['code', 'c']] }, 'state_missing'],
  [
    'an empty state',
    {
      query: [
        ['state', ''],
        ['code', 'c'],
      ],
    },
    'state_missing',
  ],
  [
    'another state',
    {
      query: [
        ['state', 'other'],
        ['code', 'c'],
      ],
    },
    'state_unknown',
  ],
  ['its state twice', { query: with_(['state', login.state]) }, 'parameter_repeated'],
  ['two states', { query: with_(['state', 'other']) }, 'parameter_repeated'],
  ['two codes', { query: with_(['code', 'other']) }, 'parameter_repeated'],
  ['two issuers', { query: with_(['iss', issuer], ['iss', 'https://evil.example']) }, 'parameter_repeated'],
  ['two errors', { query: with_(['error', 'a'], ['error', 'b']) }, 'parameter_repeated'],
  ['a login of 601 seconds', { now: NOW + 601 }, 'login_expired'],
  ['a login from the future', { now: NOW - 1 }, 'login_expired'],
  ['another issuer', { query: with_(['iss', 'https://evil.example']) }, 'issuer_mixed_up'],
  ['an issuer with one slash more', { query: with_(['iss', `${issuer}/`]) }, 'issuer_mixed_up'],
  ['no issuer though one is promised', { issPromised: true }, 'issuer_mixed_up'],
  ['a login begun with another provider', { issuer: toIssuer('https://new.example') }, 'issuer_mixed_up'],
  [
    'an error',
    {
      query: [
        ['state', login.state],
        ['error', 'access_denied'],
      ],
    },
    'provider_error',
  ],
  ['an error beside a code', { query: with_(['error', 'access_denied']) }, 'provider_error'],
  ['no code', { query: [['state', login.state]] }, 'code_missing'],
  [
    'an empty code',
    {
      query: [
        ['state', login.state],
        ['code', ''],
      ],
    },
    'code_missing',
  ],
];

test.each(refusals)('an answer with %s is refused', (_, changes, reason) => {
  expect(judgeCallback({ ...valid, ...changes })).toMatchObject({ ok: false, refusal: { reason } });
});

test('what a provider says of an error is kept printable and short', () => {
  const error_description = `no\u0000\r\n<b>${'x'.repeat(1_000)}`;
  const answer = judgeCallback({
    ...valid,
    query: with_(['error', 'denied'], ['error_description', error_description]),
  });
  const description = answer.ok || answer.refusal.reason !== 'provider_error' ? '' : (answer.refusal.description ?? '');
  expect(description).toMatch(/^[\x20-\x7e]{300}$/);
});

test('a state is read alone, before anything else is known', () => {
  expect(readCallbackState([['state', 'abc']])).toEqual({ ok: true, value: 'abc' });
});
