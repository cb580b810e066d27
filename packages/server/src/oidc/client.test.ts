import { describe, expect, test } from 'vitest';
import { respondJson } from '../testing/stub-cluster.ts';
import { type OidcWorld, startOidcWorld } from './oidc.fixture.ts';

describe('a revocation', () => {
  const startWorld = (): Promise<OidcWorld> =>
    startOidcWorld({ metadata: (issuer) => ({ revocation_endpoint: `${issuer}/revoke` }) });

  test('names the refresh token and the client, and the token is worth nothing then', async () => {
    await using world = await startWorld();
    world.stub.refreshTokens = true;
    const record = await world.record();
    const refreshToken = record.grant?.refreshToken ?? '';
    expect(await world.provider.revoke(refreshToken)).toBe(true);
    const request = world.stub.seen.at(-1);
    expect(request?.path).toBe('/idp/revoke');
    expect(request?.authorization).toMatch(/^Basic /);
    expect(Object.fromEntries(request?.form ?? [])).toEqual({ token: refreshToken, token_type_hint: 'refresh_token' });
    expect(await world.provider.refresh(record, world.stub.now())).toMatchObject({ kind: 'refused' });
  });

  test('that the provider refuses, or does not answer, is not done', async () => {
    await using world = await startWorld();
    world.stub.respondRevoke = (_, response) => respondJson(response, 503, {});
    expect(await world.provider.revoke('r')).toBe(false);
    world.stub.respondRevoke = (_, response) => void response.destroy();
    expect(await world.provider.revoke('r')).toBe(false);
  });

  test('is not tried where the provider offers none', async () => {
    await using world = await startOidcWorld();
    expect(await world.provider.revoke('r')).toBe(false);
    expect(world.stub.count('/revoke')).toBe(0);
  });
});

test('whether the provider answers just now is found out with one question', async () => {
  await using world = await startOidcWorld();
  const before = world.stub.seen.length;
  expect(await world.provider.answers()).toBe(true);
  expect(world.stub.seen.length).toBe(before + 1);
  await world.stub[Symbol.asyncDispose]();
  expect(await world.provider.answers()).toBe(false);
});

test.each([
  [{ authorization_response_iss_parameter_supported: true }, true],
  [{ authorization_response_iss_parameter_supported: 'true' }, false],
  [{}, false],
])('a provider whose document says %j promises its name in every answer: %j [C7]', async (metadata, promised) => {
  await using world = await startOidcWorld({ metadata: () => metadata });
  expect(world.provider.issPromised).toBe(promised);
});
