import { SignJWT } from 'jose';
import { describe, expect, test } from 'vitest';
import { respondJson } from '../testing/stub-cluster.ts';
import { SECRET, startOidcWorld } from './oidc.fixture.ts';

describe('a token answer', () => {
  test.each<[string, Record<string, unknown>, string]>([
    ['without an access token', { access_token: undefined }, 'OAUTH_INVALID_RESPONSE'],
    ['with an access token that would begin a new header', { access_token: 'a\r\nX: y' }, 'OAUTH_INVALID_RESPONSE'],
    ['with tokens of a kind nobody asked for', { token_type: 'DPoP' }, 'OAUTH_INVALID_RESPONSE'],
    ['with a list as ID token', { id_token: ['a'] }, 'OAUTH_INVALID_RESPONSE'],
  ])('%s signs nobody in [C22]', async (_, answer, error) => {
    await using world = await startOidcWorld();
    world.stub.answer = answer;
    expect(await world.signIn()).toEqual({ ok: false, refusal: { reason: 'provider_answer_invalid', error } });
  });
});

test('a code is sent once, whatever becomes of the request [C2]', async () => {
  await using world = await startOidcWorld();
  world.stub.respondToken = (_, response) => void response.destroy();
  expect(await world.signIn()).toMatchObject({ refusal: { reason: 'provider_unreachable' } });
  expect(world.stub.count('/token')).toBe(1);
});

test.each([
  ['another verifier', 'x'.repeat(43)],
  ['the verifier of another login', null],
])('a code with %s is worth nothing [C2]', async (_, given) => {
  await using world = await startOidcWorld();
  const callback = world.begin();
  const codeVerifier = given ?? world.begin().login.codeVerifier;
  // Still a callback of this login in all that counts for the provider; only its verifier was exchanged.
  const tampered = { ...callback, login: { ...callback.login, codeVerifier } } as typeof callback;
  expect(await world.provider.exchange(tampered, world.stub.now())).toEqual({
    ok: false,
    refusal: { reason: 'code_refused', error: 'invalid_grant', pkceUsed: true },
  });
});

test('a code that was redeemed is worth nothing the second time [C2]', async () => {
  await using world = await startOidcWorld();
  const callback = world.begin();
  expect((await world.provider.exchange(callback, world.stub.now())).ok).toBe(true);
  expect(await world.provider.exchange(callback, world.stub.now())).toMatchObject({
    refusal: { reason: 'code_refused' },
  });
});

test('a key set that holds the client’s secret as a symmetric key verifies nothing with it [C16]', async () => {
  await using world = await startOidcWorld({
    metadata: () => ({ id_token_signing_alg_values_supported: ['HS256', 'none', 'RS256'] }),
  });
  const k = Buffer.from(SECRET).toString('base64url');
  world.stub.respondKeys = (_, response) => respondJson(response, 200, { keys: [{ kty: 'oct', kid: 'k1', k }] });
  world.stub.sign = (payload) =>
    new SignJWT(payload).setProtectedHeader({ alg: 'HS256', kid: 'k1' }).sign(new TextEncoder().encode(SECRET));
  expect(await world.signIn()).toMatchObject({ refusal: { check: 'alg' } });
});
