import { toIssuer } from '@lamplighter/auth-core';
import { describe, expect, test } from 'vitest';
import { respondJson } from '../testing/stub-cluster.ts';
import { makeSigningKeys } from '../testing/stub-provider-keys.ts';
import { type OidcWorld, startOidcWorld, type WorldChanges } from './oidc.fixture.ts';
import type { RefreshOutcome } from './provider.ts';

async function startWorld(changes: WorldChanges = {}): Promise<OidcWorld> {
  const world = await startOidcWorld(changes);
  world.stub.refreshTokens = true;
  return world;
}

/** Signs in, lets the test break something, and renews. */
async function renew(
  world: OidcWorld,
  disturb: (world: OidcWorld) => unknown = () => undefined,
): Promise<RefreshOutcome> {
  const record = await world.record();
  await disturb(world);
  return world.provider.refresh(record, world.stub.now());
}

describe('a renewal', () => {
  test('yields a new bearer, its end and the rotated refresh token, with one request [C20]', async () => {
    await using world = await startWorld();
    world.stub.claims = { sid: 's-1' };
    const record = await world.record();
    world.stub.renewedClaims = { jti: 'second' };
    const tired = { ...record, grant: record.grant && { ...record.grant, failures: 3, retryAt: 7 } };
    const outcome = await world.provider.refresh(tired, world.stub.now());
    if (outcome.kind !== 'renewed') throw new Error(JSON.stringify(outcome));
    const { bearer, bearerExpiresAt, grant } = outcome.tokens;
    expect(bearer).not.toBe(record.bearer);
    expect(bearerExpiresAt).toBeGreaterThan(world.stub.now());
    expect(grant).toMatchObject({
      idToken: bearer,
      nonce: record.grant?.nonce,
      providerSession: 's-1',
      failures: 0,
      retryAt: 0,
    });
    expect(grant.refreshToken).not.toBe(record.grant?.refreshToken);
    expect(world.stub.refreshes).toBe(1);
  });

  test('without a new refresh token keeps the one it had', async () => {
    await using world = await startWorld();
    world.stub.rotates = false;
    const record = await world.record();
    const outcome = await world.provider.refresh(record, world.stub.now());
    expect(outcome).toMatchObject({ kind: 'renewed', tokens: { grant: { refreshToken: record.grant?.refreshToken } } });
  });

  test('may leave the nonce out [C20]', async () => {
    await using world = await startWorld();
    world.stub.renewedClaims = { nonce: undefined };
    expect((await renew(world)).kind).toBe('renewed');
  });

  test('without an ID token keeps the bearer until its end, and asks no more [C20]', async () => {
    await using world = await startWorld();
    world.stub.renewsIdToken = false;
    const record = await world.record();
    expect(await world.provider.refresh(record, world.stub.now())).toEqual({
      kind: 'renewed',
      tokens: {
        bearer: record.bearer,
        bearerExpiresAt: record.tokenExpiresAt,
        grant: { ...record.grant, refreshToken: null },
        profile: {},
      },
    });
  });

  test('without an ID token is enough where the access token is the bearer [C20, C22]', async () => {
    await using world = await startWorld({ useAccessToken: true });
    Object.assign(world.stub, { renewsIdToken: false, expiresIn: 60 });
    const record = await world.record();
    const outcome = await world.provider.refresh(record, 1_000);
    expect(outcome).toMatchObject({
      kind: 'renewed',
      tokens: { bearerExpiresAt: 1_060, grant: { idToken: record.grant?.idToken, refreshToken: expect.any(String) } },
    });
    expect(outcome.kind === 'renewed' && outcome.tokens.bearer).not.toBe(record.bearer);
  });
});

describe('a renewed ID token', () => {
  const now = Math.floor(Date.now() / 1_000);
  test.each<[string, Record<string, unknown>, string]>([
    ['of another person', { sub: 'mallory' }, 'sub'],
    ['of nobody', { sub: undefined }, 'sub'],
    ['of another issuer', { iss: 'https://evil.example' }, 'iss'],
    ['for another client', { aud: 'other' }, 'aud'],
    ['for one more client', { aud: ['lamplighter', 'other'] }, 'azp'],
    ['issued to another client', { azp: 'other' }, 'azp'],
    ['that names to whom it was issued, as the first did not', { azp: 'lamplighter' }, 'azp'],
    ['of another sign-in', { nonce: 'other' }, 'nonce'],
    ['without iat', { iat: undefined }, 'iat'],
    ['from the future', { iat: now + 86_400, exp: now + 90_000 }, 'iat'],
    ['that has expired', { exp: now - 1 }, 'exp'],
    ['without an end', { exp: undefined }, 'exp'],
    ['that speaks of another access token', { at_hash: 'A'.repeat(22) }, 'at_hash'],
  ])('%s ends the session, and nothing more is asked [C20]', async (_, renewedClaims, check) => {
    await using world = await startWorld({
      userinfo: 'always',
      metadata: (issuer) => ({ userinfo_endpoint: `${issuer}/userinfo` }),
    });
    const outcome = await renew(world, ({ stub }) => {
      stub.renewedClaims = renewedClaims;
      (stub.seen as unknown[]).length = 0;
    });
    expect(outcome).toEqual({ kind: 'refused', refusal: { reason: 'refresh_mismatch', check } });
    expect(world.stub.seen.map(({ path }) => path)).toEqual(['/idp/token']);
  });

  test('that lost an audience of the first one ends the session [C20]', async () => {
    await using world = await startWorld();
    world.stub.claims = { aud: ['lamplighter', 'api'], azp: 'lamplighter' };
    expect((await renew(world)).kind).toBe('renewed');
    const outcome = await renew(world, ({ stub }) => {
      stub.renewedClaims = { aud: ['lamplighter', 'other'] };
    });
    expect(outcome).toMatchObject({ kind: 'refused', refusal: { check: 'aud' } });
  });

  test.each<[string, (world: OidcWorld) => Promise<void>, string]>([
    [
      'signed by somebody else',
      async ({ stub }) => {
        stub.sign = (await makeSigningKeys('k1')).sign;
      },
      'signature',
    ],
    [
      'signed with a key nobody knows',
      async ({ stub }) => {
        stub.sign = (await makeSigningKeys('k9')).sign;
      },
      'key',
    ],
    [
      'of another kind',
      async ({ stub }) => {
        stub.sign = (payload) => stub.keys.sign(payload, { typ: 'logout+jwt' });
      },
      'typ',
    ],
  ])('%s ends the session [C16, C20]', async (_, forge, check) => {
    await using world = await startWorld();
    expect(await renew(world, forge)).toEqual({ kind: 'refused', refusal: { reason: 'refresh_mismatch', check } });
  });

  test('that is well beside an access token that is not ends the session [C20, C22]', async () => {
    await using world = await startWorld({ useAccessToken: true, validatorClientId: 'api' });
    const { stub } = world;
    const good = { iss: stub.issuer, aud: 'api', exp: now + 600 };
    stub.accessToken = () => stub.keys.sign(good);
    const outcome = await renew(world, () => {
      stub.accessToken = () => stub.keys.sign({ ...good, aud: 'other' });
    });
    expect(outcome).toEqual({ kind: 'refused', refusal: { reason: 'refresh_mismatch', check: 'aud' } });
  });
});

describe('a provider that does not renew', () => {
  const answering =
    (status: number, body: object | string) =>
    ({ stub }: OidcWorld): void => {
      stub.respondRefresh = (_, response) =>
        typeof body === 'string' ? void response.writeHead(status).end(body) : respondJson(response, status, body);
    };

  test.each(['invalid_grant', 'invalid_request', 'unauthorized_client', 'interaction_required'])(
    'and says %s ends the session [C35]',
    async (error) => {
      await using world = await startWorld();
      expect(await renew(world, answering(400, { error }))).toEqual({
        kind: 'refused',
        refusal: { reason: 'refresh_refused', error },
      });
    },
  );

  test('because the token was used before ends the session [C35]', async () => {
    await using world = await startWorld();
    const record = await world.record();
    expect((await world.provider.refresh(record, world.stub.now())).kind).toBe('renewed');
    expect(await world.provider.refresh(record, world.stub.now())).toEqual({
      kind: 'refused',
      refusal: { reason: 'refresh_refused', error: 'invalid_grant' },
    });
  });

  test.each<[string, (world: OidcWorld) => void, object]>([
    [
      'does not know this server',
      answering(401, { error: 'invalid_client' }),
      { reason: 'refresh_refused', error: 'invalid_client' },
    ],
    ['answers 500', answering(500, { error: 'server_error' }), { error: 'OAUTH_RESPONSE_IS_NOT_CONFORM' }],
    ['answers 429 without OAuth’s words', answering(429, 'slow down'), { error: 'OAUTH_RESPONSE_IS_NOT_CONFORM' }],
    ['answers with a page', answering(200, '<p>'), { error: 'OAUTH_RESPONSE_IS_NOT_JSON' }],
    [
      'hangs up',
      ({ stub }) => {
        stub.respondRefresh = (_, response) => void response.destroy();
      },
      { reason: 'provider_unreachable', error: 'UND_ERR_SOCKET' },
    ],
  ])('because it %s says nothing about the session [C36]', async (_, disturb, refusal) => {
    await using world = await startWorld();
    expect(await renew(world, disturb)).toMatchObject({ kind: 'unavailable', refusal });
    expect(world.stub.refreshes).toBe(1);
  });

  test('and whose keys cannot be had says nothing about the session [C36]', async () => {
    await using world = await startWorld();
    const outcome = await renew(world, async ({ stub }) => {
      await stub.rotateKeys('k2');
      stub.respondKeys = (_, response) => respondJson(response, 503, {});
    });
    expect(outcome).toMatchObject({ kind: 'unavailable', refusal: { reason: 'provider_answer_invalid' } });
  });
});

test('a refresh token of one provider is never shown to another [C7, C20]', async () => {
  await using world = await startWorld();
  const record = await world.record();
  const elsewhere = { ...record, identity: { issuer: toIssuer('https://old.example'), subject: 'ada' } };
  expect(await world.provider.refresh(elsewhere, world.stub.now())).toEqual({
    kind: 'refused',
    refusal: { reason: 'refresh_mismatch', check: 'iss' },
  });
  expect(world.stub.refreshes).toBe(0);
});
