import { describe, expect, test } from 'vitest';
import { toIssuer } from '../brands.ts';
import { checkAccessClaims } from './access-claims.ts';
import { judgeLogoutClaims } from './logout-claims.ts';
import { checkRefreshedClaims } from './refreshed.ts';

const issuer = toIssuer('https://idp.example');
const now = 1_800_000_000;
const times = { iat: now - 5, exp: now + 60 };

describe('the claims of a renewed ID token', () => {
  const before = { iss: issuer, aud: ['lamp', 'api'], azp: 'lamp' };
  const expected = { issuer, subject: 'u1', audience: 'lamp', clientId: 'lamp', nonce: 'n1', before, now };
  const valid = { iss: issuer, sub: 'u1', aud: ['lamp', 'api'], azp: 'lamp', ...times };

  test('fit when they are about the same sign-in [C20]', () => {
    expect(checkRefreshedClaims(valid, expected)).toBeNull();
    expect(checkRefreshedClaims({ ...valid, nonce: 'n1' }, expected)).toBeNull();
    expect(checkRefreshedClaims({ ...valid, aud: ['more', 'api', 'lamp'] }, expected)).toBeNull();
  });

  test('fit by themselves when what was before cannot be read any more', () => {
    expect(checkRefreshedClaims(valid, { ...expected, before: undefined })).toBeNull();
  });

  test.each([
    ['another issuer', { iss: `${issuer}/` }, 'iss'],
    ['another subject', { sub: 'u2' }, 'sub'],
    ['an audience less', { aud: ['lamp'] }, 'aud'],
    ['no azp any more', { aud: ['lamp', 'api'], azp: undefined }, 'azp'],
    ['another nonce', { nonce: 'n2' }, 'nonce'],
    ['a nonce of null', { nonce: null }, 'nonce'],
    ['no iat', { iat: undefined }, 'iat'],
    ['an end that is now', { exp: now }, 'exp'],
  ])('do not fit with %s [C20]', (_, changes, check) => {
    expect(checkRefreshedClaims({ ...valid, ...changes }, expected)).toBe(check);
  });
});

describe('the claims of an access token', () => {
  const valid = { iss: issuer, aud: ['api', 'other'], exp: now + 60 };
  test('fit with the right issuer and audience, whoever they are about', () => {
    expect(checkAccessClaims(valid, { issuer, audience: 'api', now })).toBeNull();
    expect(checkAccessClaims({ ...valid, aud: undefined }, { issuer, audience: null, now })).toBeNull();
  });

  test.each([
    [{ iss: undefined }, 'iss'],
    [{ aud: 'ap' }, 'aud'],
    [{ exp: now }, 'exp'],
    [{ nbf: now + 31 }, 'nbf'],
  ])('do not fit with %j [C22]', (changes, check) => {
    expect(checkAccessClaims({ ...valid, ...changes }, { issuer, audience: 'api', now })).toBe(check);
  });
});

test('the claims of a logout token name whose session is over [C32]', () => {
  const events = { 'http://schemas.openid.net/event/backchannel-logout': {} };
  const claims = { iss: issuer, aud: 'lamp', jti: 'j', events, sub: 'u1', sid: 's1', ...times };
  expect(judgeLogoutClaims(claims, { issuer, clientId: 'lamp', now })).toEqual({
    ok: true,
    value: { subject: 'u1', providerSession: 's1' },
  });
});
