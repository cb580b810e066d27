import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { rootCertificates } from 'node:tls';
import { describe, expect, test } from 'vitest';
import { configOf, file, load, OIDC, problemsOf } from './load.fixture.ts';
import type { OidcConfig } from './server-config.ts';

const CALLBACK = '--oidc-callback-url=https://lamp.example/oidc-callback';
const QUIET = [...OIDC, CALLBACK, '--oidc-use-pkce'];

function oidcOf(...argv: readonly string[]): OidcConfig | null {
  return configOf(load([...OIDC, ...argv])).oidc;
}

function warningsOf(...argv: readonly string[]): readonly string[] {
  return configOf(load([...QUIET, ...argv])).warnings;
}

const pem = (key: KeyObject, type: 'pkcs8' | 'sec1' | 'pkcs1'): string =>
  key.export({ type, format: 'pem' }).toString();
const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
const keyFile = file('client.key', `a comment\n${pem(ec, 'pkcs8')}`);
const caFile = file('ca.pem', rootCertificates[0] ?? '');

test('without more than a client and an issuer the defaults hold', () => {
  expect(oidcOf()).toEqual({
    issuer: 'https://idp.example/',
    clientId: 'lamp',
    authentication: { method: 'none' },
    scopes: ['openid', 'profile', 'email'],
    offlineAccess: false,
    usePkce: false,
    callbackUrl: null,
    validatorClientId: null,
    validatorIssuer: null,
    useAccessToken: false,
    userinfo: 'auto',
    ca: null,
    skipTlsVerify: false,
  });
});

test('every other flag about the provider arrives', () => {
  expect(
    oidcOf(
      '-oidc-scopes=groups',
      '-oidc-offline-access',
      '-oidc-use-pkce',
      '-oidc-use-access-token',
      '-oidc-validator-client-id=other',
      '-oidc-validator-idp-issuer-url=https://sts.example/tenant/',
      '-oidc-userinfo=always',
      CALLBACK,
    ),
  ).toMatchObject({
    scopes: ['openid', 'groups'],
    offlineAccess: true,
    usePkce: true,
    useAccessToken: true,
    validatorClientId: 'other',
    validatorIssuer: 'https://sts.example/tenant/',
    userinfo: 'always',
    callbackUrl: 'https://lamp.example/oidc-callback',
  });
});

test('PKCE that is off and a redirect URI from Host are warned about, and nothing else is', () => {
  expect(configOf(load(OIDC)).warnings).toEqual([
    expect.stringMatching(/^No --oidc-callback-url is set/),
    expect.stringMatching(/^PKCE is off/),
  ]);
  expect(warningsOf()).toEqual([]);
});

describe('the client proves itself', () => {
  test.each([
    ['by nothing without a secret', [], { method: 'none' }],
    ['by Basic with a secret', ['--oidc-client-secret=s'], { method: 'client_secret_basic', secret: 's' }],
    ['by nothing with an empty secret', ['--oidc-client-secret='], { method: 'none' }],
    [
      'by Basic with a secret that reads like a no',
      ['--oidc-client-secret=0'],
      { method: 'client_secret_basic', secret: '0' },
    ],
    [
      'in the body when told so',
      ['--oidc-client-secret=s', '--oidc-auth-method=client_secret_post'],
      { method: 'client_secret_post', secret: 's' },
    ],
    [
      'by a key, its block alone',
      ['--oidc-auth-method=private_key_jwt', `--oidc-private-key-file=${keyFile}`],
      { method: 'private_key_jwt', privateKey: pem(ec, 'pkcs8').trim() },
    ],
    [
      'by a secret from a file, without the line break at its end',
      [`--oidc-client-secret-file=${file('secret', 's3cret \n')}`],
      { method: 'client_secret_basic', secret: 's3cret ' },
    ],
  ])('%s', (_, argv, authentication) => {
    expect(oidcOf(...argv)?.authentication).toEqual(authentication);
  });

  const rsa = (bits: number): string => pem(generateKeyPairSync('rsa', { modulusLength: bits }).privateKey, 'pkcs8');
  const JWT = '--oidc-auth-method=private_key_jwt';

  test.each([
    ['RSA of 2048 bits', rsa(2_048)],
    ['EC on P-384', pem(generateKeyPairSync('ec', { namedCurve: 'P-384' }).privateKey, 'pkcs8')],
    ['Ed25519', pem(generateKeyPairSync('ed25519').privateKey, 'pkcs8')],
  ])('by a key of the kind %s', (name, content) => {
    const path = file(`${name}.pem`, content);
    expect(oidcOf(JWT, `--oidc-private-key-file=${path}`)?.authentication.method).toBe('private_key_jwt');
  });

  test.each([
    ['of another form than PKCS #8', pem(ec, 'sec1')],
    ['that is short', rsa(1_024)],
    [
      'on a curve no algorithm is named for',
      pem(generateKeyPairSync('ec', { namedCurve: 'secp256k1' }).privateKey, 'pkcs8'),
    ],
    ['that only agrees on secrets', pem(generateKeyPairSync('x25519').privateKey, 'pkcs8')],
    ['that is broken', '-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n'],
    ['that is none', 'nothing'],
  ])('never by a key %s', (name, content) => {
    const path = file(`${name}.pem`.replaceAll(/[# ]/g, '-'), content);
    expect(problemsOf(load([...OIDC, JWT, `--oidc-private-key-file=${path}`]))).toEqual([
      expect.stringMatching(/^--oidc-private-key-file: names .*; accepted: an unencrypted PKCS #8 key in PEM/),
    ]);
  });

  test.each([
    ['a key nobody uses', [`--oidc-private-key-file=${keyFile}`], /^--oidc-private-key-file: is only accepted with/],
    ['a method without its key', [JWT], /^--oidc-private-key-file: is missing/],
    [
      'a method without its secret',
      ['--oidc-auth-method=client_secret_post'],
      /^--oidc-auth-method: .*needs --oidc-client-secret/,
    ],
    ['a secret with none', ['--oidc-auth-method=none', '--oidc-client-secret=s3cret'], /leave one out/],
    [
      'a secret beside a key',
      [JWT, `--oidc-private-key-file=${keyFile}`, '--oidc-client-secret=s3cret'],
      /leave one out/,
    ],
    ['a method nobody knows', ['--oidc-auth-method=magic'], /accepted: client_secret_basic, client_secret_post, /],
    ['a key file that is missing', [JWT, '--oidc-private-key-file=/nowhere'], /names \/nowhere, which does not exist/],
    ['a secret file that is missing', ['--oidc-client-secret-file=/nowhere'], /names \/nowhere, which does not exist/],
  ])('with %s, in one sentence', (_, argv, said) => {
    const problems = problemsOf(load([...OIDC, ...argv]));
    expect(problems.length).toBe(1);
    expect(problems[0]).toMatch(said);
    expect(problems[0]).not.toContain('s3cret');
  });
});

describe('the provider’s certificate', () => {
  test.each(['--oidc-skip-tls-verify', '--insecure-ssl'])('is not checked with %s, and that is said loudly', (flag) => {
    expect(oidcOf(flag)?.skipTlsVerify).toBe(true);
    expect(warningsOf(flag)).toEqual([expect.stringMatching(new RegExp(`^DANGER: .*NOT checked \\(${flag}\\)`))]);
  });

  test.each(['--oidc-skip-tls-verify', '--insecure-ssl'])(
    'is checked all the same when its authority is named: %s',
    (flag) => {
      expect(oidcOf(flag, `--oidc-ca-file=${caFile}`)).toMatchObject({ skipTlsVerify: false, ca: rootCertificates[0] });
      expect(warningsOf(flag, `--oidc-ca-file=${caFile}`)).toEqual([
        `${flag} has no effect: --oidc-ca-file wins, and the provider’s certificate is checked.`,
      ]);
    },
  );

  test('has an authority’s file judged also when there is no provider yet', () => {
    expect(problemsOf(load(['--oidc-ca-file=/nowhere']))).toEqual([expect.stringContaining('does not exist')]);
  });
});

describe('below a base path', () => {
  test('the redirect URI is below it too', () => {
    const url = 'https://lamp.example/lamp/oidc-callback';
    expect(oidcOf('--base-url=/lamp/', `--oidc-callback-url=${url}`)?.callbackUrl).toBe(url);
  });

  test.each(['https://lamp.example/oidc-callback', 'https://lamp.example/x/lamp/oidc-callback'])(
    'a redirect URI elsewhere is refused, because no cookie would reach it: %s',
    (url) => {
      expect(problemsOf(load([...OIDC, '--base-url=/lamp', `--oidc-callback-url=${url}`]))).toEqual([
        '--oidc-callback-url: does not fit --base-url=/lamp; accepted: a URL with the path /lamp/oidc-callback.',
      ]);
    },
  );
});

test('a key without a provider is of no use', () => {
  expect(problemsOf(load(['--oidc-auth-method=private_key_jwt', `--oidc-private-key-file=${keyFile}`]))).toEqual([
    '--oidc-private-key-file: is of no use without --oidc-client-id and --oidc-issuer-url.',
  ]);
});
