import 'reflect-metadata';
import { webcrypto } from 'node:crypto';
import { get, type IncomingMessage } from 'node:http';
import { createServer } from 'node:https';
import { text } from 'node:stream/consumers';
import { SubjectAlternativeNameExtension, X509CertificateGenerator } from '@peculiar/x509';
import { expect, test } from 'vitest';
import type { UpstreamTls } from './target.ts';
import { listen, startFront } from './testing/front.ts';

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };

/** A certificate of its own making for one name. */
async function certificateFor(name: string): Promise<{ cert: string; key: string }> {
  const keys = await webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
  const certificate = await X509CertificateGenerator.createSelfSigned({
    name: `CN=${name}`,
    keys,
    signingAlgorithm: ALGORITHM,
    extensions: [new SubjectAlternativeNameExtension([{ type: 'dns', value: name }])],
  });
  const key = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', keys.privateKey)).toString('base64');
  return { cert: certificate.toString('pem'), key: `-----BEGIN PRIVATE KEY-----\n${key}\n-----END PRIVATE KEY-----\n` };
}

async function askOverTls(host: string, tls: (cert: string) => UpstreamTls): Promise<{ body: string; seen: number }> {
  const { cert, key } = await certificateFor('api.example');
  let seen = 0;
  const server = createServer({ cert, key }, (_, response) => {
    seen++;
    response.end('from the cluster');
  });
  const target = { origin: `https://${host}:${await listen(server)}`, basePath: '', tls: tls(cert) };
  await using front = await startFront(() => undefined, { target });
  const answer = await new Promise<IncomingMessage>((resolve) => get(front.url, resolve));
  const body = await text(answer);
  server.closeAllConnections();
  server.close();
  return { body, seen };
}

const ANSWERED = { body: 'from the cluster', seen: 1 };
const REFUSED = { body: 'cluster_unreachable', seen: 0 };

test('a cluster whose certificate the kubeconfig’s authority vouches for, under the name it gives, is spoken to', async () => {
  const tls = (ca: string): UpstreamTls => ({ ca, serverName: 'api.example', insecureSkipTlsVerify: false });
  expect(await askOverTls('127.0.0.1', tls)).toEqual(ANSWERED);
});

test('an impostor without the authority’s certificate never sees a request', async () => {
  expect(await askOverTls('127.0.0.1', () => ({ serverName: 'api.example', insecureSkipTlsVerify: false }))).toEqual(
    REFUSED,
  );
});

test('an impostor with a certificate of another authority never sees a request', async () => {
  const other = await certificateFor('api.example');
  expect(
    await askOverTls('127.0.0.1', () => ({ ca: other.cert, serverName: 'api.example', insecureSkipTlsVerify: false })),
  ).toEqual(REFUSED);
});

test('a certificate for another name than the one asked for is refused', async () => {
  expect(await askOverTls('127.0.0.1', (ca) => ({ ca, insecureSkipTlsVerify: false }))).toEqual(REFUSED);
  expect(
    await askOverTls('127.0.0.1', (ca) => ({ ca, serverName: 'other.example', insecureSkipTlsVerify: false })),
  ).toEqual(REFUSED);
});

test('checks are off only when the kubeconfig turns them off by name', async () => {
  expect(await askOverTls('127.0.0.1', () => ({ insecureSkipTlsVerify: true }))).toEqual(ANSWERED);
});
