/** Owns a world's certificate authority: made for this world, kept in its folder, given to each part, trusted by nothing else. */
import 'reflect-metadata'; // @peculiar/x509 resolves its algorithms through tsyringe, which demands it
import { webcrypto } from 'node:crypto';
import * as x509 from '@peculiar/x509';
import { CERTIFICATE_DAYS } from '../constants.ts';

x509.cryptoProvider.set(webcrypto);

/** P-256: every part takes it, and a key costs microseconds instead of RSA's tenths of a second. */
const KEY_ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const DAY_MS = 24 * 3_600_000;

/** A certificate with its key, both PEM. */
export interface KeyPair {
  readonly certificate: string;
  readonly key: string;
}

export interface LeafRequest {
  /** For a Kubernetes client this is the user name. */
  readonly commonName: string;
  /** For a Kubernetes client this is a group. */
  readonly organization?: string;
  /** DNS names and IP addresses a server answers to; none makes it a client's certificate. */
  readonly serves?: readonly string[];
}

export interface Authority {
  /** PEM of the authority's own certificate. */
  readonly certificate: string;
  /** A new key and a certificate for it. */
  issue(request: LeafRequest): Promise<KeyPair>;
  /** Key pair of the service-account token issuer: PKCS#8 and SPKI PEM, as the API server reads them. */
  createSigningKey(): Promise<{ privateKey: string; publicKey: string }>;
}

async function newKeys(): Promise<webcrypto.CryptoKeyPair> {
  return webcrypto.subtle.generateKey(KEY_ALGORITHM, true, ['sign', 'verify']);
}

async function pemOf(key: webcrypto.CryptoKey): Promise<string> {
  return x509.PemConverter.encode(await webcrypto.subtle.exportKey('pkcs8', key), 'PRIVATE KEY');
}

function validity(): { notBefore: Date; notAfter: Date } {
  const now = Date.now();
  return { notBefore: new Date(now - DAY_MS), notAfter: new Date(now + CERTIFICATE_DAYS * DAY_MS) };
}

function alternativeName(name: string): x509.JsonGeneralName {
  return { type: /^[\d.]+$|:/.test(name) ? 'ip' : 'dns', value: name };
}

/** A new authority whose key never leaves this process. */
export async function createAuthority(name: string): Promise<Authority> {
  const keys = await newKeys();
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    name: `CN=Lamplighter world ${name}`,
    keys,
    signingAlgorithm: KEY_ALGORITHM,
    ...validity(),
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return {
    certificate: certificate.toString('pem'),
    createSigningKey,
    issue: async ({ commonName, organization, serves = [] }) => {
      const leaf = await newKeys();
      const usage = serves.length > 0 ? x509.ExtendedKeyUsage.serverAuth : x509.ExtendedKeyUsage.clientAuth;
      const issued = await x509.X509CertificateGenerator.create({
        subject: [{ CN: [commonName] }, ...(organization === undefined ? [] : [{ O: [organization] }])],
        issuer: certificate.subject,
        publicKey: leaf.publicKey,
        signingKey: keys.privateKey,
        signingAlgorithm: KEY_ALGORITHM,
        ...validity(),
        extensions: [
          new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
          new x509.ExtendedKeyUsageExtension([usage]),
          await x509.AuthorityKeyIdentifierExtension.create(keys.publicKey),
          ...(serves.length > 0 ? [new x509.SubjectAlternativeNameExtension(serves.map(alternativeName))] : []),
        ],
      });
      return { certificate: issued.toString('pem'), key: await pemOf(leaf.privateKey) };
    },
  };
}

async function createSigningKey(): Promise<{ privateKey: string; publicKey: string }> {
  const keys = await newKeys();
  return {
    privateKey: await pemOf(keys.privateKey),
    publicKey: x509.PemConverter.encode(await webcrypto.subtle.exportKey('spki', keys.publicKey), 'PUBLIC KEY'),
  };
}
