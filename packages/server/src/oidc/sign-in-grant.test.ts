import { createHash, createPublicKey, generateKeyPairSync } from 'node:crypto';
import { toIssuer } from '@lamplighter/auth-core';
import { exportJWK, jwtVerify } from 'jose';
import { describe, expect, test } from 'vitest';
import type { ClientAuthentication } from '../config/server-config.ts';
import { makeSigningKeys } from '../testing/stub-provider-keys.ts';
import { type OidcWorld, SECRET, startOidcWorld } from './oidc.fixture.ts';

const ok = <Value>(result: { ok: true; value: Value } | { ok: false }): Value => {
  if (!result.ok) throw new Error(JSON.stringify(result));
  return result.value;
};
const tokenRequest = ({ stub }: OidcWorld) => stub.seen.find(({ path }) => path === '/idp/token');

test('a code that fits is worth a bearer, its end, a person and what is needed later [C5, C23]', async () => {
  await using world = await startOidcWorld();
  world.stub.refreshTokens = true;
  world.stub.claims = { sid: 's-1' };
  const callback = world.begin();
  const { claims, bearer, bearerExpiresAt, grant, profile } = ok(
    await world.provider.exchange(callback, world.stub.now()),
  );
  expect(claims).toMatchObject({ issuer: world.stub.issuer, subject: 'ada', expiresAt: bearerExpiresAt });
  expect(bearer.split('.').length).toBe(3);
  expect(grant).toEqual({
    refreshToken: expect.stringMatching(/.{36}/),
    idToken: bearer,
    nonce: callback.login.nonce,
    providerSession: 's-1',
    failures: 0,
    retryAt: 0,
  });
  expect(profile).toMatchObject({ preferred_username: 'ada', groups: ['platform'] });
});

test('each start sends a challenge of its own, made with S256 of a verifier of 43 characters, which the code then needs [C1, C2]', async () => {
  await using world = await startOidcWorld();
  const starts = Array.from({ length: 3 }, () => world.begin().login);
  const challenges = starts.map((login) => new URL(world.provider.authorizationUrl(login)).searchParams);
  for (const [at, login] of starts.entries()) {
    expect(login.codeVerifier).toMatch(/^[\w-]{43}$/);
    expect(challenges[at]?.get('code_challenge_method')).toBe('S256');
    const expected = createHash('sha256').update(login.codeVerifier).digest('base64url');
    expect(challenges[at]?.get('code_challenge')).toBe(expected);
  }
  expect(new Set(challenges.map((asked) => asked.get('code_challenge'))).size).toBe(3);
  const callback = world.begin();
  ok(await world.provider.exchange(callback, world.stub.now()));
  expect(tokenRequest(world)?.form.get('code_verifier')).toBe(callback.login.codeVerifier);
});

test('without PKCE neither a challenge nor a verifier is sent, and a refused code says so [C1]', async () => {
  await using world = await startOidcWorld({ usePkce: false });
  const callback = world.begin();
  expect(world.provider.authorizationUrl(callback.login)).not.toContain('code_challenge');
  ok(await world.provider.exchange(callback, world.stub.now()));
  expect(tokenRequest(world)?.form.has('code_verifier')).toBe(false);
  expect(await world.provider.exchange(callback, world.stub.now())).toMatchObject({ refusal: { pkceUsed: false } });
});

describe('the client proves itself', () => {
  const basic = `Basic ${Buffer.from('lamplighter:client+s3cret%3A%25%C3%A9').toString('base64')}`;

  test.each<[ClientAuthentication, string | undefined, Record<string, string | null>]>([
    [{ method: 'client_secret_basic', secret: SECRET }, basic, { client_id: null, client_secret: null }],
    [{ method: 'client_secret_post', secret: SECRET }, undefined, { client_id: 'lamplighter', client_secret: SECRET }],
    [{ method: 'none' }, undefined, { client_id: 'lamplighter', client_secret: null }],
  ])('by $method', async (authentication, header, form) => {
    await using world = await startOidcWorld({ authentication });
    ok(await world.signIn());
    const request = tokenRequest(world);
    expect(request?.authorization).toBe(header);
    for (const [name, value] of Object.entries(form)) expect(request?.form.get(name)).toBe(value);
  });

  test.each([
    ['RS256', () => generateKeyPairSync('rsa', { modulusLength: 2_048 })],
    ['ES256', () => generateKeyPairSync('ec', { namedCurve: 'P-256' })],
    ['ES384', () => generateKeyPairSync('ec', { namedCurve: 'P-384' })],
    ['Ed25519', () => generateKeyPairSync('ed25519')],
  ])('by an assertion signed with its key (%s), a new one each time', async (alg, makeKeys) => {
    const keys = makeKeys();
    const privateKey = keys.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    await using world = await startOidcWorld({ authentication: { method: 'private_key_jwt', privateKey } });
    ok(await world.signIn());
    ok(await world.signIn());
    const assertions = world.stub.seen.flatMap(({ form }) => form.get('client_assertion') ?? []);
    const jwk = await exportJWK(createPublicKey(keys.privateKey));
    const ids = new Set<unknown>();
    for (const assertion of assertions) {
      const { payload } = await jwtVerify(assertion, { ...jwk, alg }, { audience: world.stub.issuer });
      expect(payload).toMatchObject({ iss: 'lamplighter', sub: 'lamplighter' });
      ids.add(payload.jti);
    }
    expect(ids.size).toBe(2);
  });
});

describe('an ID token for another client', () => {
  const validatorClientId = 'kubernetes';

  test('is taken where the operator names that client, when it was issued to us [C17]', async () => {
    await using world = await startOidcWorld({ validatorClientId });
    world.stub.claims = { aud: 'kubernetes', azp: 'lamplighter' };
    ok(await world.signIn());
    world.stub.claims = { aud: ['kubernetes', 'lamplighter'], azp: 'lamplighter' };
    ok(await world.signIn());
  });

  test.each([
    ['issued to that client itself', { aud: 'kubernetes', azp: 'kubernetes' }, 'azp'],
    ['that does not say to whom it was issued', { aud: 'kubernetes' }, 'azp'],
    ['made for us alone', { aud: 'lamplighter' }, 'aud'],
  ])('is not taken: %s [C17]', async (_, claims, check) => {
    await using world = await startOidcWorld({ validatorClientId });
    world.stub.claims = claims;
    expect(await world.signIn()).toEqual({ ok: false, refusal: { reason: 'id_token_refused', check } });
  });
});

test('with a validator issuer only tokens of that issuer are taken, and the document may call itself otherwise [C15]', async () => {
  const validatorIssuer = toIssuer('https://sts.example/tenant/');
  await using world = await startOidcWorld({ validatorIssuer, metadata: () => ({ issuer: 'https://login.example' }) });
  expect(world.provider.issuer).toBe('https://login.example');
  expect(await world.signIn()).toEqual({ ok: false, refusal: { reason: 'id_token_refused', check: 'iss' } });
  world.stub.claims = { iss: validatorIssuer };
  expect(ok(await world.signIn()).claims.issuer).toBe(validatorIssuer);
});

describe('where the access token is the bearer', () => {
  const now = Math.floor(Date.now() / 1_000);

  test('an opaque one is taken as it is, ends when the answer says, and the ID token still says who it is [C22]', async () => {
    await using world = await startOidcWorld({ useAccessToken: true });
    world.stub.answer = { access_token: 'opaque', expires_in: '60' };
    const signedIn = ok(await world.signIn());
    expect(signedIn).toMatchObject({ bearer: 'opaque', claims: { subject: 'ada' } });
    expect((signedIn.bearerExpiresAt ?? 0) - now).toBeLessThanOrEqual(61);
    world.stub.answer = { access_token: 'opaque' };
    expect(ok(await world.signIn()).bearerExpiresAt).toBeNull();
  });

  test('a bad ID token beside a good access token signs nobody in [C22]', async () => {
    await using world = await startOidcWorld({ useAccessToken: true });
    world.stub.claims = { aud: 'other' };
    expect(await world.signIn()).toMatchObject({ refusal: { reason: 'id_token_refused', check: 'aud' } });
  });

  test('an access token that the ID token beside it names is taken [C22]', async () => {
    await using world = await startOidcWorld({ useAccessToken: true });
    const hash = createHash('sha256').update('the-token').digest().subarray(0, 16).toString('base64url');
    world.stub.answer = { access_token: 'the-token' };
    world.stub.claims = { at_hash: hash };
    expect(ok(await world.signIn()).bearer).toBe('the-token');
  });

  const validator = {
    useAccessToken: true,
    validatorClientId: 'api',
    validatorIssuer: toIssuer('https://sts.example/'),
  };
  const valid = { iss: 'https://sts.example/', aud: 'api', sub: 'other-for-this-api', exp: now + 600 };

  test('a JWT that says what the operator demands is taken, and ends when it says [C22]', async () => {
    await using world = await startOidcWorld(validator);
    world.stub.accessToken = () => world.stub.keys.sign(valid, { typ: 'at+jwt' });
    expect(ok(await world.signIn())).toMatchObject({ bearerExpiresAt: now + 600, claims: { subject: 'ada' } });
  });

  test.each<[string, object, object, string]>([
    ['of another issuer', { iss: 'https://sts.example' }, {}, 'iss'],
    ['for another API', { aud: 'lamplighter' }, {}, 'aud'],
    ['that has expired', { exp: now - 1 }, {}, 'exp'],
    ['without an end', { exp: undefined }, {}, 'exp'],
    ['that holds from tomorrow on', { nbf: now + 86_400 }, {}, 'nbf'],
    ['that is a logout token', {}, { typ: 'logout+jwt' }, 'typ'],
  ])('a JWT %s is not [C22]', async (_, changes, header, check) => {
    await using world = await startOidcWorld(validator);
    world.stub.accessToken = () => world.stub.keys.sign({ ...valid, ...changes }, { ...header });
    expect(await world.signIn()).toEqual({ ok: false, refusal: { reason: 'access_token_refused', check } });
  });

  test('a JWT signed by somebody else is not, nor an opaque one [C16, C22]', async () => {
    await using world = await startOidcWorld(validator);
    const other = await makeSigningKeys('k1');
    world.stub.accessToken = () => other.sign(valid);
    expect(await world.signIn()).toMatchObject({ refusal: { reason: 'access_token_refused', check: 'signature' } });
    world.stub.accessToken = async () => 'opaque';
    expect(await world.signIn()).toMatchObject({ refusal: { reason: 'access_token_refused', check: 'malformed' } });
  });
});
