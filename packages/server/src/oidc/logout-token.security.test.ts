import { describe, expect, test } from 'vitest';
import { makeSigningKeys } from '../testing/stub-provider-keys.ts';
import { startOidcWorld } from './oidc.fixture.ts';

const now = Math.floor(Date.now() / 1_000);
const EVENT = 'http://schemas.openid.net/event/backchannel-logout';

describe('a logout token', () => {
  test.each<[string, Record<string, unknown>, object]>([
    ['about a person', {}, { subject: 'ada', providerSession: null }],
    ['about a session', { sub: undefined, sid: 's-1' }, { subject: null, providerSession: 's-1' }],
    ['about both', { sid: 's-1' }, { subject: 'ada', providerSession: 's-1' }],
    ['for several clients', { aud: ['other', 'lamplighter'] }, { subject: 'ada', providerSession: null }],
  ])('%s is taken [C32]', async (_, claims, about) => {
    await using world = await startOidcWorld();
    const token = await world.stub.mintLogoutToken(claims);
    expect(await world.provider.judgeLogoutToken(token, now)).toEqual({
      ok: true,
      value: { issuer: world.stub.issuer, ...about },
    });
  });

  test('may write its kind out [C32]', async () => {
    await using world = await startOidcWorld();
    const token = await world.stub.mintLogoutToken({}, { typ: 'application/Logout+JWT' });
    expect((await world.provider.judgeLogoutToken(token, now)).ok).toBe(true);
  });

  test.each<[string, Record<string, unknown>, Record<string, unknown>, string]>([
    ['of no kind', {}, { typ: undefined }, 'typ'],
    ['of the kind of ID tokens', {}, { typ: 'JWT' }, 'typ'],
    ['of another issuer', { iss: 'https://evil.example' }, {}, 'iss'],
    ['for another client', { aud: 'other' }, {}, 'aud'],
    ['without audience', { aud: undefined }, {}, 'aud'],
    ['without iat', { iat: undefined }, {}, 'iat'],
    ['from the future', { iat: now + 3_600, exp: now + 3_700 }, {}, 'iat'],
    ['without an end', { exp: undefined }, {}, 'exp'],
    ['that has expired', { exp: now - 1 }, {}, 'exp'],
    ['without an id', { jti: undefined }, {}, 'jti'],
    ['without events', { events: undefined }, {}, 'events'],
    ['of another event', { events: { 'https://example.org/other': {} } }, {}, 'events'],
    ['whose event is no object', { events: { [EVENT]: true } }, {}, 'events'],
    ['whose event is a list', { events: { [EVENT]: [] } }, {}, 'events'],
    ['with a nonce, as ID tokens have one', { nonce: 'n' }, {}, 'nonce'],
    ['about nobody', { sub: undefined }, {}, 'subject'],
    ['about an empty session', { sub: undefined, sid: '' }, {}, 'subject'],
    ['about a person that is a number', { sub: 7 }, {}, 'sub'],
  ])('%s ends nothing [C32]', async (_, claims, header, check) => {
    await using world = await startOidcWorld();
    const token = await world.stub.mintLogoutToken(claims, header);
    expect(await world.provider.judgeLogoutToken(token, now)).toEqual({
      ok: false,
      refusal: { reason: 'logout_token_refused', check },
    });
  });

  test('unsigned, signed by somebody else or with the client secret ends nothing [C16, C32]', async () => {
    await using world = await startOidcWorld();
    const [, payload] = (await world.stub.mintLogoutToken()).split('.');
    const none = Buffer.from('{"alg":"none","typ":"logout+jwt"}').toString('base64url');
    const check = async (token: string): Promise<unknown> => {
      const judged = await world.provider.judgeLogoutToken(token, now);
      return judged.ok || judged.refusal;
    };
    expect(await check(`${none}.${payload}.`)).toMatchObject({ check: 'alg' });
    const forger = await makeSigningKeys('k1');
    expect(await check(await forger.sign({ sub: 'ada' }, { typ: 'logout+jwt' }))).toMatchObject({ check: 'signature' });
    expect(await check('garbage')).toMatchObject({ check: 'malformed' });
    expect(await check('')).toMatchObject({ check: 'malformed' });
  });

  test('that is an ID token of ours ends nothing [C22, C32]', async () => {
    await using world = await startOidcWorld();
    const { bearer } = await world.record();
    expect(await world.provider.judgeLogoutToken(bearer, now)).toMatchObject({ refusal: { check: 'typ' } });
  });

  test('that is good signs nobody in [C22, C32]', async () => {
    await using world = await startOidcWorld();
    world.stub.answer = { id_token: await world.stub.mintLogoutToken({ nonce: undefined }) };
    expect(await world.signIn()).toMatchObject({ refusal: { reason: 'id_token_refused', check: 'typ' } });
  });
});
