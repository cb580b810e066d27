import 'reflect-metadata';
import { webcrypto } from 'node:crypto';
import { X509CertificateGenerator } from '@peculiar/x509';
import { expect, test } from 'vitest';
import { configOf, file, load, problemsOf } from './load.fixture.ts';

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };

async function makePair(): Promise<{ cert: string; key: string }> {
  const keys = await webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
  const certificate = await X509CertificateGenerator.createSelfSigned({
    name: 'CN=lamp',
    keys,
    signingAlgorithm: ALGORITHM,
  });
  const key = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', keys.privateKey)).toString('base64');
  return {
    cert: `${certificate.toString('pem')}\n`,
    key: `-----BEGIN PRIVATE KEY-----\n${key}\n-----END PRIVATE KEY-----\n`,
  };
}

const own = await makePair();
const other = await makePair();
const certPath = file('tls.crt', own.cert);
const keyPath = file('tls.key', own.key);
const CERT = `--tls-cert-path=${certPath}`;
const KEY = `--tls-key-path=${keyPath}`;

test('a certificate and its key are read', () => {
  expect(configOf(load([CERT, KEY])).listen.tls).toEqual(own);
});

test('a chain is kept as it is, its first certificate being the server’s own', () => {
  const chain = file('chain.crt', own.cert + other.cert);
  expect(configOf(load([`--tls-cert-path=${chain}`, KEY])).listen.tls?.cert).toBe(own.cert + other.cert);
});

const reversed = file('reversed.crt', other.cert + own.cert);
const broken = file('broken.crt', `${own.cert}-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n`);
const encrypted = file(
  'encrypted.key',
  '-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----\n',
);

test.each([
  ['a certificate alone', [CERT], `--tls-key-path: is missing`],
  ['a key alone', [KEY], `--tls-cert-path: is missing`],
  [
    'a certificate that is missing',
    ['--tls-cert-path=/nowhere', KEY],
    '--tls-cert-path: names /nowhere, which does not exist.',
  ],
  ['a key that is missing', [CERT, '--tls-key-path=/nowhere'], '--tls-key-path: names /nowhere, which does not exist.'],
  [
    'a key as certificate',
    [`--tls-cert-path=${keyPath}`, KEY],
    `--tls-cert-path: names ${keyPath}, which is not a PEM file of certificates.`,
  ],
  [
    'a chain with a broken part',
    [`--tls-cert-path=${broken}`, KEY],
    `--tls-cert-path: names ${broken}, which is not a PEM`,
  ],
  [
    'a certificate as key',
    [CERT, `--tls-key-path=${certPath}`],
    `--tls-key-path: names ${certPath}, which is not a PEM private key`,
  ],
  [
    'a key with a passphrase',
    [CERT, `--tls-key-path=${encrypted}`],
    `--tls-key-path: names ${encrypted}, which is not a PEM private key without a passphrase.`,
  ],
  [
    'a key of another certificate',
    [CERT, `--tls-key-path=${file('other.key', other.key)}`],
    'does not belong to the certificate in',
  ],
  ['a chain the wrong way round', [`--tls-cert-path=${reversed}`, KEY], 'does not belong to the certificate in'],
])('%s is one sentence that names the file', (_, argv, said) => {
  expect(problemsOf(load(argv))).toEqual([expect.stringContaining(said)]);
});

test('both files’ mistakes are told together', () => {
  expect(problemsOf(load(['--tls-cert-path=/nowhere', '--tls-key-path=/nowhere'])).length).toBe(2);
});

test.each([
  ['/lamp', '/lamp'],
  ['/lamp/', '/lamp'],
  ['/a/b.c~d_e-F1///', '/a/b.c~d_e-F1'],
  ['/', ''],
  ['', ''],
])('the base path %j becomes %j', (given, basePath) => {
  expect(configOf(load([`--base-url=${given}`])).basePath).toBe(basePath);
});

test.each([
  'lamp',
  'https://lamp.example/lamp',
  '/a//b',
  '//evil.example',
  '/.',
  '/a/../b',
  '/a%2fb',
  '/a b',
  '/a;b',
  '/a?b',
  '/ä',
  '/a\\b',
  '/a\n',
])('the base path %j is refused', (given) => {
  expect(problemsOf(load([`--base-url=${given}`]))).toEqual([
    expect.stringMatching(/^--base-url: was given .*; accepted: a path that begins with a slash/),
  ]);
});
