import { createHash } from 'node:crypto';
import { toIssuer } from '@lamplighter/auth-core';
import { describe, expect, test } from 'vitest';
import { authorizationUrl } from './authorization-url.ts';
import type { ProviderMetadata } from './discovery.ts';
import { endSessionUrl } from './end-session-url.ts';
import { newLogin, oidcConfig } from './oidc.fixture.ts';

const config = oidcConfig({ issuer: 'https://idp.example', clientId: 'lamp' });
const metadata: ProviderMetadata = {
  issuer: 'https://idp.example',
  authorization_endpoint: 'https://idp.example/auth',
  token_endpoint: 'https://idp.example/token',
  jwks_uri: 'https://idp.example/keys',
};
const login = newLogin(toIssuer('https://idp.example'), 1_800_000_000);

describe('the address where a sign-in begins', () => {
  const asked = (changes = {}, document = {}): URLSearchParams =>
    new URL(authorizationUrl({ ...config, ...changes }, { ...metadata, ...document }, login)).searchParams;

  test('carries all the provider needs, and no secret of the login [C1, C5, C12]', () => {
    expect(Object.fromEntries(asked())).toEqual({
      client_id: 'lamp',
      response_type: 'code',
      redirect_uri: login.redirectUri,
      scope: 'openid profile email',
      state: login.state,
      nonce: login.nonce,
      code_challenge: createHash('sha256').update(login.codeVerifier).digest('base64url'),
      code_challenge_method: 'S256',
    });
    expect([...asked().values()]).not.toContain(login.codeVerifier);
  });

  test('keeps the query the provider’s own address has', () => {
    const document = { authorization_endpoint: 'https://idp.example/auth?tenant=a' };
    expect(asked({}, document).get('tenant')).toBe('a');
  });

  test.each<[string, object, object, string]>([
    [
      'asked for where the provider lists it',
      { offlineAccess: true },
      { scopes_supported: ['openid', 'offline_access'] },
      'openid profile email offline_access',
    ],
    ['asked for where the provider lists nothing', { offlineAccess: true }, {}, 'openid profile email offline_access'],
    [
      'not asked for where the provider lists others',
      { offlineAccess: true },
      { scopes_supported: ['openid'] },
      'openid profile email',
    ],
    [
      'not asked for where the operator does not want it',
      {},
      { scopes_supported: ['offline_access'] },
      'openid profile email',
    ],
    ['asked for once', { offlineAccess: true, scopes: ['openid', 'offline_access'] }, {}, 'openid offline_access'],
  ])('offline_access is %s', (_, changes, document, scope) => {
    expect(asked(changes, document).get('scope')).toBe(scope);
  });
});

describe('the address where the provider’s session ends', () => {
  const facts = { clientId: 'lamp', idToken: 'e30.e30.c2ln', returnTo: 'https://lamp.example/signed-out', state: 's' };
  const urlOf = (document: object): URL | null => {
    const url = endSessionUrl({ ...metadata, ...document }, facts);
    return url === null ? null : new URL(url);
  };

  test('says whose session it is, where to return to, and how to know the way back [C31]', () => {
    const url = urlOf({ end_session_endpoint: 'https://idp.example/end?realm=a' });
    expect(url?.origin).toBe('https://idp.example');
    expect(Object.fromEntries(url?.searchParams ?? [])).toEqual({
      realm: 'a',
      id_token_hint: 'e30.e30.c2ln',
      client_id: 'lamp',
      post_logout_redirect_uri: 'https://lamp.example/signed-out',
      state: 's',
    });
  });

  test('is none when the provider names none [C31]', () => {
    expect(urlOf({})).toBeNull();
  });

  const pool = {
    issuer: 'https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_AbC123',
    authorization_endpoint: 'https://lamp.auth.eu-west-1.amazoncognito.com/oauth2/authorize',
  };

  test.each([{}, { end_session_endpoint: 'https://lamp.auth.eu-west-1.amazoncognito.com/logout' }])(
    'of Cognito is its own form, with neither a hint nor a state [C31] (%j)',
    (document) => {
      expect(urlOf({ ...pool, ...document })?.href).toBe(
        'https://lamp.auth.eu-west-1.amazoncognito.com/logout?client_id=lamp&logout_uri=https%3A%2F%2Flamp.example%2Fsigned-out',
      );
    },
  );

  test('of another provider with such a path is not Cognito’s [C31]', () => {
    expect(urlOf({ ...pool, authorization_endpoint: 'https://idp.example/auth' })).toBeNull();
    expect(urlOf({ ...pool, issuer: 'https://idp.example/realms/main' })).toBeNull();
  });
});
