import { toIssuer } from '@lamplighter/auth-core';
import { expect, test } from 'vitest';
import { toExchangeRefusal } from './exchange-errors.ts';

const expected = { issuer: toIssuer('https://idp.example'), clientId: 'lamp', nonce: 'n', now: 1_800_000_000 };
const facts = { pkceUsed: true, expected };
const withCode = <Thrown extends Error>(error: Thrown, code: string): Thrown => Object.assign(error, { code });

test.each([
  ['a refused connection', new TypeError('x', { cause: withCode(new Error(), 'ECONNREFUSED') }), 'ECONNREFUSED'],
  [
    'a certificate nobody trusts',
    new TypeError('x', { cause: withCode(new Error(), 'CERT_HAS_EXPIRED') }),
    'CERT_HAS_EXPIRED',
  ],
  ['no answer in time', withCode(new Error(), 'OAUTH_TIMEOUT'), 'OAUTH_TIMEOUT'],
])('%s is a provider that cannot be reached, with the code', async (_, error, code) => {
  expect(await toExchangeRefusal(error, facts)).toEqual({ reason: 'provider_unreachable', error: code });
});

test.each([
  ['an error without a code', new Error('x')],
  ['a TypeError of our own', new TypeError('x is not a function')],
  ['a complaint of the library about how it is used', withCode(new TypeError('x'), 'ERR_INVALID_ARG_TYPE')],
  ['an error of the library nobody has met yet', withCode(new Error('x'), 'OAUTH_SOMETHING_NEW')],
])('%s is not blamed on the provider', async (_, error) => {
  await expect(toExchangeRefusal(error, facts)).rejects.toBe(error);
});
