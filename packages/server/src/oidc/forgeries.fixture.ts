/** Every bad ID token known to us, each as what a provider, or whoever stands in its place, would have to do for it. */
import type { IdTokenCheck } from '@lamplighter/auth-core';
import { exportJWK, exportSPKI, generateKeyPair, importJWK, SignJWT, UnsecuredJWT } from 'jose';
import type { StubProvider } from '../testing/stub-provider.ts';
import { makeSigningKeys } from '../testing/stub-provider-keys.ts';

/** Makes the provider issue a bad one from now on. */
export type Forge = (stub: StubProvider, secret: string) => void | Promise<void>;

const seconds = (ahead: number): number => Math.floor(Date.now() / 1_000) + ahead;
const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
const claims =
  (changes: Record<string, unknown>): Forge =>
  (stub) =>
    void Object.assign(stub.claims, changes);
const header =
  (changes: Record<string, unknown>): Forge =>
  (stub) => {
    stub.sign = (payload) => stub.keys.sign(payload, changes);
  };
const answer =
  (changes: Record<string, unknown>): Forge =>
  (stub) =>
    void Object.assign(stub.answer, changes);
type Forgeable = (stub: StubProvider, secret: string) => Promise<string>;

const signedWithText =
  (textOf: Forgeable): Forge =>
  async (stub, secret) => {
    const bytes = new TextEncoder().encode(await textOf(stub, secret));
    stub.sign = (payload) => new SignJWT(payload).setProtectedHeader({ alg: 'HS256', kid: 'k1' }).sign(bytes);
  };

const unsigned: Forge = (stub) => {
  stub.sign = async (payload) => new UnsecuredJWT(payload).encode();
};
const unsignedWithKid: Forge = (stub) => {
  stub.sign = async (payload) => `${encode({ alg: 'None', kid: 'k1' })}.${encode(payload)}.`;
};
const publicKeyPem = async (stub: StubProvider): Promise<string> => {
  const key = await importJWK(stub.keys.jwk, 'RS256');
  if (key instanceof Uint8Array) throw new Error('an RSA key is no secret');
  return exportSPKI(key);
};
const tampered: Forge = (stub) => {
  stub.sign = async (payload) => {
    const [head, , signature] = (await stub.keys.sign(payload)).split('.');
    return `${head}.${encode({ ...payload, sub: 'root' })}.${signature}`;
  };
};
const otherKey: Forge = async (stub) => {
  stub.sign = (await makeSigningKeys('k1')).sign;
};
const unknownKey: Forge = async (stub) => {
  stub.sign = (await makeSigningKeys('k2')).sign;
};
const ownKey: Forge = (stub) => {
  stub.sign = async (payload) => {
    const { privateKey, publicKey } = await generateKeyPair('RS256');
    const jwk = await exportJWK(publicKey);
    return new SignJWT(payload).setProtectedHeader({ alg: 'RS256', kid: 'k1', jwk }).sign(privateKey);
  };
};
const otherAlgorithm: Forge = async (stub) => {
  stub.sign = (await makeSigningKeys('k1', 'ES256')).sign;
};
const tokenOf =
  (token: string): Forge =>
  (stub, secret) =>
    answer({ id_token: token })(stub, secret);
const listPayload: Forge = (stub) => {
  stub.sign = () => stub.keys.sign([]);
};

export interface Forgery {
  readonly name: string;
  readonly forge: Forge;
  /** Which check it fails. */
  readonly check: IdTokenCheck;
  /** The checklist's number. */
  readonly id: string;
}

const FORGERIES: readonly (readonly [name: string, forge: Forge, check: IdTokenCheck, id: string])[] = [
  ['that is unsigned', unsigned, 'alg', 'C16'],
  ['that is unsigned and names a key', unsignedWithKid, 'alg', 'C16'],
  ['signed with the client secret', signedWithText(async (_, secret) => secret), 'alg', 'C16'],
  ['signed with the public key as secret', signedWithText(publicKeyPem), 'alg', 'C16'],
  ['of an algorithm the provider does not list', otherAlgorithm, 'alg', 'C16'],
  ['changed after it was signed', tampered, 'signature', 'C16'],
  ['signed by another under a known key’s name', otherKey, 'signature', 'C16'],
  ['that brings its own key', ownKey, 'signature', 'C16'],
  ['signed with a key nobody knows', unknownKey, 'key', 'C16'],
  ['with a header that must be understood and is not', header({ crit: ['b64'], b64: true }), 'malformed', 'C16'],
  ['of another issuer', claims({ iss: 'https://evil.example' }), 'iss', 'C17'],
  ['of the issuer with a slash more', (stub, secret) => claims({ iss: `${stub.issuer}/` })(stub, secret), 'iss', 'C17'],
  ['without issuer', claims({ iss: undefined }), 'iss', 'C17'],
  ['for another audience', claims({ aud: 'other' }), 'aud', 'C17'],
  ['for an audience that contains ours', claims({ aud: 'lamplighter-2' }), 'aud', 'C17'],
  ['for nobody', claims({ aud: [] }), 'aud', 'C17'],
  ['without audience', claims({ aud: undefined }), 'aud', 'C17'],
  ['for several audiences without azp', claims({ aud: ['lamplighter', 'other'] }), 'azp', 'C17'],
  ['for several audiences issued to another', claims({ aud: ['lamplighter', 'other'], azp: 'other' }), 'azp', 'C17'],
  ['with another azp', claims({ azp: 'other' }), 'azp', 'C17'],
  ['that has expired', claims({ exp: 1_000 }), 'exp', 'C17'],
  ['that expired while it was on its way', claims({ exp: seconds(-5) }), 'exp', 'C17'],
  ['whose end is a text', claims({ exp: `${seconds(60)}` }), 'exp', 'C17'],
  ['without exp', claims({ exp: undefined }), 'exp', 'C17'],
  ['without iat', claims({ iat: undefined }), 'iat', 'C17'],
  ['of the day after tomorrow', claims({ iat: seconds(172_800), exp: seconds(180_000) }), 'iat', 'C17'],
  ['that holds only from tomorrow on', claims({ nbf: seconds(86_400), exp: seconds(90_000) }), 'nbf', 'C17'],
  ['without sub', claims({ sub: undefined }), 'sub', 'C17'],
  ['with an empty sub', claims({ sub: '' }), 'sub', 'C17'],
  ['without nonce', claims({ nonce: undefined }), 'nonce', 'C5'],
  ['with another nonce', claims({ nonce: 'other' }), 'nonce', 'C5'],
  ['that is an access token', header({ typ: 'at+jwt' }), 'typ', 'C22'],
  ['that is a logout token', header({ typ: 'application/logout+jwt' }), 'typ', 'C22'],
  ['of an empty kind', header({ typ: '' }), 'typ', 'C22'],
  ['that speaks of another access token', claims({ at_hash: 'A'.repeat(22) }), 'at_hash', 'C22'],
  ['whose payload is a list', listPayload, 'malformed', 'C16'],
  ['that is no token', tokenOf('garbage'), 'malformed', 'C16'],
  ['of two parts', tokenOf('e30.e30'), 'malformed', 'C16'],
  ['that is encrypted', tokenOf('e30.a.b.c.d'), 'malformed', 'C16'],
  ['that is not there', answer({ id_token: undefined }), 'missing', 'C22'],
  ['that is empty', answer({ id_token: '' }), 'missing', 'C22'],
];

export const forgeries: readonly Forgery[] = FORGERIES.map(([name, forge, check, id]) => ({ name, forge, check, id }));
