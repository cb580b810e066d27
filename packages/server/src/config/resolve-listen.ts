/** Where the server listens, and with which certificate. */
import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { createSecureContext } from 'node:tls';
import { holdsCertificates } from './certificates.ts';
import type { Findings } from './findings.ts';
import type { Settings } from './schema.ts';
import type { ListenConfig } from './server-config.ts';

export function resolveListen(settings: Settings, findings: Findings): ListenConfig {
  return { port: settings.port, address: settings['listen-addr'], tls: resolveTls(settings, findings) };
}

function resolveTls(settings: Settings, findings: Findings): ListenConfig['tls'] {
  const certPath = settings['tls-cert-path'];
  const keyPath = settings['tls-key-path'];
  // Attack this stops: with one of the two, Headlamp serves plain http, and every ticket and token travels in the clear.
  if (certPath === undefined && keyPath !== undefined)
    findings.report('tls-cert-path', 'is missing: with --tls-key-path the certificate is needed too.');
  if (keyPath === undefined && certPath !== undefined)
    findings.report('tls-key-path', 'is missing: with --tls-cert-path the private key is needed too.');
  const cert = certPath === undefined ? null : readCertificate(certPath, findings);
  const key = keyPath === undefined ? null : readKey(keyPath, findings);
  if (cert === null || key === null) return null;
  if (!cert.leaf.checkPrivateKey(key.parsed)) {
    findings.report('tls-key-path', `names ${keyPath}, whose key does not belong to the certificate in ${certPath}.`);
  } else if (!isServable(cert.pem, key.pem)) {
    findings.report(
      'tls-cert-path',
      `names ${certPath}, which no https server accepts; its key may be too short or its signature too weak.`,
    );
  }
  return { cert: cert.pem, key: key.pem };
}

function readCertificate(path: string, findings: Findings): { pem: string; leaf: X509Certificate } | null {
  const pem = findings.readText('tls-cert-path', path);
  if (pem === null) return null;
  // All of them, because a broken one further up would only show in browsers; the first is the server's own.
  if (holdsCertificates(pem)) return { pem, leaf: new X509Certificate(pem) };
  findings.report('tls-cert-path', `names ${path}, which is not a PEM file of certificates.`);
  return null;
}

function readKey(path: string, findings: Findings): { pem: string; parsed: KeyObject } | null {
  const pem = findings.readText('tls-key-path', path);
  if (pem === null) return null;
  try {
    return { pem, parsed: createPrivateKey(pem) };
  } catch {
    // The library's own words may quote what it read.
    findings.report('tls-key-path', `names ${path}, which is not a PEM private key without a passphrase.`);
    return null;
  }
}

function isServable(cert: string, key: string): boolean {
  try {
    createSecureContext({ cert, key });
    return true;
  } catch {
    return false;
  }
}
