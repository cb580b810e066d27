import { describe, expect, test } from 'vitest';
import { toIssuer } from '../brands.ts';
import { encodeBase64url } from '../encoding/base64url.ts';
import type { IdTokenCheck } from '../reasons.ts';
import { mintVerifiedClaims } from './claims.ts';
import { judgePastedToken } from './pasted.ts';
import { readExpiryWithoutVerifying } from './unverified.ts';

const jwt = (payload: unknown): string => `e30.${encodeBase64url(Buffer.from(JSON.stringify(payload)))}.c2ln`;

describe('a pasted token', () => {
  test.each([
    ['surrounded by blanks', '  abc.def-_~+/==\n'],
    ['copied with its scheme', 'Bearer abc.def-_~+/=='],
    ['copied with its scheme in capitals', 'BEARER   abc.def-_~+/=='],
  ])('%s is trimmed', (_, raw) => {
    expect(judgePastedToken(raw)).toEqual({ ok: true, value: 'abc.def-_~+/==' });
  });

  test.each(['', ' ', '\n\t', 'Bearer', 'bearer  '])('of nothing is blank: %j', (raw) => {
    expect(judgePastedToken(raw)).toMatchObject({ ok: false, refusal: { reason: 'token_blank' } });
  });

  test.each(['a b', 'a\nb', 'a,b', 'a\u0000b', 'tökén', '"abc"', 'abc=d', 'Basic abc', 'a\r\nCookie:x'])(
    'with characters no token has is malformed: %j',
    (raw) => {
      expect(judgePastedToken(raw)).toMatchObject({ ok: false, refusal: { reason: 'token_malformed' } });
    },
  );

  test('of any length is well', () => {
    expect(judgePastedToken('a'.repeat(60_000)).ok).toBe(true);
  });
});

describe('the end an unverified token names', () => {
  test('is read in whole seconds', () => {
    expect(readExpiryWithoutVerifying(jwt({ exp: 1_800_000_000.9, name: 'Ünï' }))).toBe(1_800_000_000);
  });

  test.each([
    ['an opaque token', 'abcdef'],
    ['four parts', `${jwt({ exp: 1 })}.x`],
    ['no end', jwt({ sub: 'x' })],
    ['a text as end', jwt({ exp: '1800000000' })],
    ['a negative end', jwt({ exp: -5 })],
    ['a payload that is a list', jwt([1])],
    ['a payload that is no JSON', 'e30.YWJj.c2ln'],
    ['a payload that is no UTF-8', `e30.${encodeBase64url(Uint8Array.of(0xff, 0xfe))}.c2ln`],
    ['a payload that is no base64url', 'e30.####.c2ln'],
  ])('is null for %s', (_, token) => {
    expect(readExpiryWithoutVerifying(token)).toBeNull();
  });
});

describe('claims of a verified ID token', () => {
  const expected = {
    issuer: toIssuer('https://idp.example'),
    audience: 'lamp',
    clientId: 'lamp',
    nonce: 'n1',
    now: 1_799_999_000,
  };
  const valid = {
    iss: 'https://idp.example',
    sub: 'u1',
    aud: 'lamp',
    exp: 1_800_000_000,
    iat: 1_799_999_000,
    nonce: 'n1',
  };

  test('become the proof of a login when all fit', () => {
    expect(mintVerifiedClaims(valid, expected)).toEqual({
      ok: true,
      value: { issuer: 'https://idp.example', subject: 'u1', expiresAt: 1_800_000_000, all: valid },
    });
  });

  test('may name several audiences when they were issued to us', () => {
    expect(mintVerifiedClaims({ ...valid, aud: ['lamp', 'api'], azp: 'lamp' }, expected).ok).toBe(true);
  });

  test('may be for another client that is named, when they were issued to us', () => {
    const claims = { ...valid, aud: 'cluster', azp: 'lamp' };
    expect(mintVerifiedClaims(claims, { ...expected, audience: 'cluster' }).ok).toBe(true);
    expect(mintVerifiedClaims({ ...claims, azp: undefined }, { ...expected, audience: 'cluster' })).toMatchObject({
      refusal: { check: 'azp' },
    });
  });

  test('may come from a clock half a minute ahead', () => {
    expect(mintVerifiedClaims({ ...valid, iat: 1_799_999_030 }, expected).ok).toBe(true);
  });

  const broken: readonly (readonly [name: string, changes: object, check: IdTokenCheck])[] = [
    ['another issuer', { iss: 'https://idp.example/' }, 'iss'],
    ['no subject', { sub: undefined }, 'sub'],
    ['an empty subject', { sub: '' }, 'sub'],
    ['a subject of 256 characters', { sub: 'x'.repeat(256) }, 'sub'],
    ['a number as subject', { sub: 7 }, 'sub'],
    ['another audience', { aud: 'other' }, 'aud'],
    ['no audience', { aud: undefined }, 'aud'],
    ['several audiences and no azp', { aud: ['lamp', 'api'] }, 'azp'],
    ['another azp', { azp: 'other' }, 'azp'],
    ['no iat', { iat: undefined }, 'iat'],
    ['no exp', { exp: undefined }, 'exp'],
    ['an end that is now', { exp: 1_799_999_000.9 }, 'exp'],
    ['a beginning 31 seconds ahead', { iat: 1_799_999_031 }, 'iat'],
    ['a beginning that is not yet', { nbf: 1_799_999_031 }, 'nbf'],
    ['a text as beginning', { nbf: 'now' }, 'nbf'],
    ['an endless end', { exp: Number.POSITIVE_INFINITY }, 'exp'],
    ['no nonce', { nonce: undefined }, 'nonce'],
    ['another nonce', { nonce: 'n2' }, 'nonce'],
  ];

  test.each(broken)('are refused with %s [C17]', (_, changes, check) => {
    expect(mintVerifiedClaims({ ...valid, ...changes }, expected)).toEqual({
      ok: false,
      refusal: { reason: 'id_token_refused', check },
    });
  });
});
