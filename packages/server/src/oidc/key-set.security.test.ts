import { expect, test } from 'vitest';
import { KEYS_MAX_AGE_MS, KEYS_REFETCH_INTERVAL_MS, KEYS_RETRY_PAUSE_MS } from '../constants.ts';
import { respondJson } from '../testing/stub-cluster.ts';
import { makeSigningKeys } from '../testing/stub-provider-keys.ts';
import { type OidcWorld, startOidcWorld } from './oidc.fixture.ts';

const outcome = async (world: OidcWorld): Promise<string> => {
  const signedIn = await world.signIn();
  if (signedIn.ok) return 'in';
  const { refusal } = signedIn;
  return refusal.reason === 'id_token_refused' ? refusal.check : refusal.reason;
};

test('the keys are asked for at the first sign-in, and once for many at the same time [C18]', async () => {
  await using world = await startOidcWorld();
  expect(await Promise.all(Array.from({ length: 5 }, () => outcome(world)))).toEqual(['in', 'in', 'in', 'in', 'in']);
  expect(await outcome(world)).toBe('in');
  expect(world.stub.count('/keys')).toBe(1);
});

test('a sign-in right after the provider took a new key works at once, also right after the first [C18]', async () => {
  await using world = await startOidcWorld();
  expect(await outcome(world)).toBe('in');
  await world.stub.rotateKeys('k2');
  expect(await outcome(world)).toBe('in');
  expect(world.stub.count('/keys')).toBe(2);
});

test('a flood of tokens with made-up key ids asks for the keys once in ten seconds [C16, C18]', async () => {
  await using world = await startOidcWorld();
  expect(await outcome(world)).toBe('in');
  const forger = await makeSigningKeys('made-up');
  world.stub.sign = (payload) => forger.sign(payload);
  const flood = (): Promise<readonly string[]> => Promise.all(Array.from({ length: 8 }, () => outcome(world)));
  expect(new Set(await flood())).toEqual(new Set(['key']));
  world.forward(KEYS_REFETCH_INTERVAL_MS - 1);
  expect(new Set(await flood())).toEqual(new Set(['key']));
  expect(world.stub.count('/keys')).toBe(2);
  world.forward(1);
  await flood();
  expect(world.stub.count('/keys')).toBe(3);
  world.stub.sign = null;
  expect(await outcome(world)).toBe('in');
});

test('a rotation in the middle of such a flood is noticed after ten seconds at most [C18]', async () => {
  await using world = await startOidcWorld();
  const forger = await makeSigningKeys('made-up');
  world.stub.sign = (payload) => forger.sign(payload);
  expect(await outcome(world)).toBe('key');
  world.stub.sign = null;
  await world.stub.rotateKeys('k2');
  expect(await outcome(world)).toBe('key');
  world.forward(KEYS_REFETCH_INTERVAL_MS);
  expect(await outcome(world)).toBe('in');
});

test.each([
  ['answers 500', 500],
  ['answers no key set', 200],
])('an endpoint of keys that %s takes none of the old ones away [C18]', async (_, status) => {
  await using world = await startOidcWorld();
  expect(await outcome(world)).toBe('in');
  const [token, forger] = [world.stub.keys, await makeSigningKeys('made-up')];
  world.stub.respondKeys = (__, response) => respondJson(response, status, {});
  world.stub.sign = (payload) => forger.sign(payload);
  expect(await outcome(world)).toBe('provider_answer_invalid');
  world.stub.sign = (payload) => token.sign(payload);
  expect(await outcome(world)).toBe('in');
});

test('keys that cannot be had at all are the provider’s fault, not the token’s, and a flood asks for them once a second [C18]', async () => {
  await using world = await startOidcWorld();
  world.stub.respondKeys = (_, response) => void response.destroy();
  for (let at = 0; at < 5; at++) expect(await outcome(world)).toBe('provider_unreachable');
  const asked = world.stub.count('/keys');
  expect(asked).toBe(1);
  world.stub.respondKeys = null;
  world.forward(KEYS_RETRY_PAUSE_MS);
  expect(await outcome(world)).toBe('in');
});

test('a key the provider has withdrawn is believed an hour longer at most [C18]', async () => {
  await using world = await startOidcWorld();
  expect(await outcome(world)).toBe('in');
  const withdrawn = world.stub.keys;
  await world.stub.rotateKeys('k2');
  world.stub.sign = (payload) => withdrawn.sign(payload);
  expect(await outcome(world)).toBe('in');
  world.forward(KEYS_MAX_AGE_MS);
  expect(await outcome(world)).toBe('key');
});

test('without key ids every key that fits is tried, and a new one is looked for [C18]', async () => {
  await using world = await startOidcWorld();
  const nameless = await Promise.all([makeSigningKeys(), makeSigningKeys(), makeSigningKeys(undefined, 'ES256')]);
  world.stub.respondKeys = (_, response) => respondJson(response, 200, { keys: nameless.map(({ jwk }) => jwk) });
  for (const keys of nameless.slice(0, 2)) {
    world.stub.sign = (payload) => keys.sign(payload);
    expect(await outcome(world)).toBe('in');
  }
  const added = await makeSigningKeys();
  world.stub.sign = (payload) => added.sign(payload);
  expect(await outcome(world)).toBe('signature');
  nameless.push(added);
  world.forward(KEYS_REFETCH_INTERVAL_MS);
  expect(await outcome(world)).toBe('in');
});

test.each([
  ['meant for encryption', { use: 'enc' }],
  ['of another algorithm', { alg: 'PS256' }],
  ['that cannot be read', { n: 'AQAB' }],
])('a key %s verifies nothing [C16]', async (_, changes) => {
  await using world = await startOidcWorld();
  world.stub.respondKeys = (__, response) =>
    respondJson(response, 200, { keys: [{ ...world.stub.keys.jwk, ...changes }] });
  expect(await outcome(world)).toBe('key');
});
