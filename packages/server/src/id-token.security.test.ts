import { generateKeyPair, SignJWT } from 'jose';
import { describe, expect, test } from 'vitest';
import { signInWithProvider, startTestServer, type TestServer } from './testing/start.ts';
import { respondJson } from './testing/stub-cluster.ts';

describe('a forged ID token', () => {
  const claims = (changes: Record<string, unknown>) => (world: TestServer) =>
    void Object.assign(world.provider.claims, changes);
  const unsigned: (world: TestServer) => void = ({ provider }) => {
    provider.sign = async (payload) => `${encode({ alg: 'none' })}.${encode(payload)}.`;
  };
  const badSignature: (world: TestServer) => void = ({ provider }) => {
    provider.sign = async (payload) => `${encode({ alg: 'RS256', kid: 'k1' })}.${encode(payload)}.${'A'.repeat(342)}`;
  };
  const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

  const otherKey: (world: TestServer) => void = ({ provider }) => {
    provider.sign = async (payload) => {
      const { privateKey } = await generateKeyPair('RS256');
      return new SignJWT(payload).setProtectedHeader({ alg: 'RS256', kid: 'k1' }).sign(privateKey);
    };
  };
  const unknownKey: (world: TestServer) => void = ({ provider }) => {
    provider.sign = async (payload) => `${encode({ alg: 'RS256', kid: 'k2' })}.${encode(payload)}.${'A'.repeat(342)}`;
  };
  const otherAlgorithm: (world: TestServer) => void = ({ provider }) => {
    provider.sign = async (payload) =>
      new SignJWT(payload).setProtectedHeader({ alg: 'HS256' }).sign(new TextEncoder().encode('client s3cret:%'));
  };
  const instead =
    (idToken: unknown): ((world: TestServer) => void) =>
    ({ provider }) => {
      provider.respondToken = (_, response) =>
        respondJson(response, 200, {
          access_token: 'a',
          token_type: 'bearer',
          ...(idToken === undefined ? {} : { id_token: idToken }),
        });
    };
  const seconds = (ahead: number): number => Math.floor(Date.now() / 1_000) + ahead;

  test.each<[string, (world: TestServer) => void, string]>([
    ['of another issuer', claims({ iss: 'https://evil.example' }), 'iss'],
    ['of the issuer with a slash more', (world) => claims({ iss: `${world.provider.issuer}/` })(world), 'iss'],
    ['without issuer', claims({ iss: undefined }), 'iss'],
    ['for another audience', claims({ aud: 'other' }), 'aud'],
    ['without audience', claims({ aud: undefined }), 'aud'],
    ['for several audiences without azp', claims({ aud: ['lamplighter', 'other'] }), 'azp'],
    ['with another azp', claims({ azp: 'other' }), 'azp'],
    ['that has expired', claims({ exp: 1_000 }), 'exp'],
    ['that expired while it was on its way', claims({ exp: seconds(-5) }), 'exp'],
    ['without exp', claims({ exp: undefined }), 'exp'],
    ['without iat', claims({ iat: undefined }), 'iat'],
    ['of the day after tomorrow', claims({ iat: seconds(172_800), exp: seconds(180_000) }), 'iat'],
    ['that holds only from tomorrow on', claims({ nbf: seconds(86_400), exp: seconds(90_000) }), 'nbf'],
    ['without sub', claims({ sub: undefined }), 'sub'],
    ['without nonce', claims({ nonce: undefined }), 'nonce'],
    ['with another nonce', claims({ nonce: 'other' }), 'nonce'],
    ['that is unsigned', unsigned, 'alg'],
    ['signed with the client secret', otherAlgorithm, 'alg'],
    ['with a bad signature', badSignature, 'signature'],
    ['signed with a key of the forger’s', otherKey, 'signature'],
    ['signed with a key nobody knows', unknownKey, 'key'],
    ['that is no token', instead('garbage'), 'malformed'],
    ['that is not there', instead(undefined), 'missing'],
    ['that is empty', instead(''), 'missing'],
  ])('%s signs nobody in, names the check, and nothing more is asked of the provider', async (_, prepare, check) => {
    await using world = await startTestServer();
    prepare(world);
    const visitor = world.visitor();
    const answer = await signInWithProvider(world, visitor);
    expect(answer).toMatchObject({ status: 502, headers: { 'lamplighter-reason': 'id_token_refused' } });
    expect(answer.body).toContain(`(Check: ${check}.)`);
    expect(world.logged.join('')).toContain(`"facts":{"check":"${check}"}`);
    expect(visitor.jar.size).toBe(0);
    expect(world.provider.seen.filter(({ path }) => path === '/idp/token').length).toBe(1);
    expect(world.provider.seen.slice(2).every(({ path }) => path === '/idp/keys')).toBe(true);
  });
});
