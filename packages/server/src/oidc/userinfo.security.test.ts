import { describe, expect, test } from 'vitest';
import type { OidcConfig } from '../config/server-config.ts';
import { respondJson } from '../testing/stub-cluster.ts';
import { makeSigningKeys } from '../testing/stub-provider-keys.ts';
import { type OidcWorld, startOidcWorld } from './oidc.fixture.ts';

function startWorld(changes: Partial<OidcConfig> = {}, metadata: Record<string, unknown> = {}): Promise<OidcWorld> {
  return startOidcWorld({
    userinfo: 'auto',
    ...changes,
    metadata: (issuer) => ({ userinfo_endpoint: `${issuer}/userinfo`, ...metadata }),
  });
}

const profileOf = async (world: OidcWorld): Promise<object> => {
  const signedIn = await world.signIn();
  return signedIn.ok ? signedIn.value.profile : { refused: signedIn.refusal };
};
const named = { email: 'ada@example.org', groups: [], name: 'Ada' };

describe('userinfo is asked', () => {
  test.each<[string, Partial<OidcConfig>, Record<string, unknown>, number]>([
    ['when the ID token names no email address', {}, { ...named, email: undefined }, 1],
    ['when it names no groups', {}, { ...named, groups: undefined }, 1],
    ['when it names no name', {}, { ...named, preferred_username: undefined, name: undefined }, 1],
    ['when the access token is the bearer', { useAccessToken: true }, named, 1],
    ['not when it names all', {}, named, 0],
    ['always, when the operator wants it so', { userinfo: 'always' }, named, 1],
    ['never, when the operator wants it so', { userinfo: 'never' }, {}, 0],
  ])('%s', async (_, changes, claims, times) => {
    await using world = await startWorld(changes);
    world.stub.claims = claims;
    expect(await profileOf(world)).not.toHaveProperty('refused');
    expect(world.stub.count('/userinfo')).toBe(times);
  });

  test('with the access token, and fills in what the ID token lacks, which wins otherwise [C19]', async () => {
    await using world = await startWorld();
    world.stub.userinfo = { email: 'ada@example.org', preferred_username: 'mallory', groups: ['admins'] };
    expect(await profileOf(world)).toMatchObject({
      sub: 'ada',
      email: 'ada@example.org',
      preferred_username: 'ada',
      groups: ['platform'],
    });
    expect(world.stub.seen.at(-1)?.authorization).toMatch(/^Bearer [\w-]{36}$/);
  });

  test('and may answer with a token the provider signed [C19]', async () => {
    await using world = await startWorld();
    const { issuer, clientId, keys } = world.stub;
    world.stub.respondUserinfo = async (_, response) => {
      const jwt = await keys.sign({ sub: 'ada', email: 'a@b', iss: issuer, aud: clientId });
      response.writeHead(200, { 'content-type': 'application/jwt' }).end(jwt);
    };
    expect(await profileOf(world)).toMatchObject({ email: 'a@b' });
  });
});

test.each<[Partial<OidcConfig>]>([[{ userinfo: 'auto' }], [{ userinfo: 'always' }], [{ useAccessToken: true }]])(
  'userinfo about another person, or about nobody, signs nobody in (%j) [C19]',
  async (changes) => {
    await using world = await startWorld(changes);
    for (const sub of ['mallory', undefined, '', 'ADA', ['ada']]) {
      world.stub.userinfo = { sub };
      expect(await profileOf(world)).toEqual({
        refused: { reason: 'userinfo_refused', problem: 'sub', status: null },
      });
    }
  },
);

test('userinfo signed by somebody else, with no signature, or for somebody else signs nobody in [C16, C19]', async () => {
  await using world = await startWorld();
  const { keys, issuer, clientId } = world.stub;
  const forger = await makeSigningKeys('k1');
  const valid = { sub: 'ada', iss: issuer, aud: clientId };
  const forged = [
    await forger.sign(valid),
    `${Buffer.from('{"alg":"none"}').toString('base64url')}.${Buffer.from(JSON.stringify(valid)).toString('base64url')}.`,
    await keys.sign({ ...valid, iss: 'https://evil.example' }),
    await keys.sign({ ...valid, aud: 'other' }),
    await keys.sign(valid, { typ: 'logout+jwt' }),
    'garbage',
  ];
  for (const jwt of forged) {
    world.stub.respondUserinfo = (_, response) =>
      void response.writeHead(200, { 'content-type': 'application/jwt' }).end(jwt);
    expect(await profileOf(world)).toEqual({
      refused: { reason: 'userinfo_refused', problem: 'signature', status: 200 },
    });
  }
});

describe('a userinfo endpoint that is out of order', () => {
  const disorders: readonly (readonly [string, (world: OidcWorld) => void, object])[] = [
    [
      'answers 503',
      ({ stub }) => {
        stub.respondUserinfo = (_, response) => respondJson(response, 503, {});
      },
      { reason: 'userinfo_refused', problem: 'status', status: 503 },
    ],
    [
      'answers 401',
      ({ stub }) => {
        stub.respondUserinfo = (_, response) => respondJson(response, 401, {});
      },
      { reason: 'userinfo_refused', problem: 'status', status: 401 },
    ],
    [
      'hangs up',
      ({ stub }) => {
        stub.respondUserinfo = (_, response) => void response.destroy();
      },
      { reason: 'provider_unreachable', error: 'UND_ERR_SOCKET' },
    ],
    [
      'answers a page',
      ({ stub }) => {
        stub.respondUserinfo = (_, response) =>
          void response.writeHead(200, { 'content-type': 'text/html' }).end('<p>');
      },
      { reason: 'userinfo_refused', problem: 'format', status: 200 },
    ],
  ];

  test.each(disorders)('and %s keeps nobody out whose ID token is the bearer', async (_, disturb) => {
    await using world = await startWorld();
    disturb(world);
    expect(await profileOf(world)).toMatchObject({ preferred_username: 'ada' });
  });

  test.each(disorders)(
    'and %s refuses an opaque access token, which nobody else can vouch for [C22]',
    async (_, disturb, refusal) => {
      await using world = await startWorld({ useAccessToken: true });
      disturb(world);
      expect(await profileOf(world)).toEqual({ refused: refusal });
    },
  );

  test.each(disorders)('and %s refuses when the operator demands it always', async (_, disturb, refusal) => {
    await using world = await startWorld({ userinfo: 'always' });
    disturb(world);
    expect(await profileOf(world)).toEqual({ refused: refusal });
  });

  test('is no hindrance for an access token that is a JWT', async () => {
    await using world = await startWorld({ useAccessToken: true });
    world.stub.accessToken = () => world.stub.keys.sign({ sub: 'ada', aud: 'api' });
    world.stub.respondUserinfo = (_, response) => respondJson(response, 403, {});
    expect(await profileOf(world)).toMatchObject({ preferred_username: 'ada' });
  });
});
