/** How this server proves to the provider that it is the client it says (OpenID Connect Core 1.0, section 9). */
import { createPrivateKey } from 'node:crypto';
import { RSA_KEY_MIN_BITS } from '../constants.ts';
import type { Findings } from './findings.ts';
import type { Settings } from './schema.ts';
import type { ClientAuthentication } from './server-config.ts';

const NOTHING: ClientAuthentication = { method: 'none' };

export function resolveClientAuthentication(settings: Settings, findings: Findings): ClientAuthentication {
  const secret = readSecret(settings, findings);
  const hasSecret = ['oidc-client-secret', 'oidc-client-secret-file'].some((flag) => findings.isAskedFor(flag));
  const keyFile = settings['oidc-private-key-file'];
  const privateKey = keyFile === undefined ? null : readPrivateKey(keyFile, findings);
  const method = settings['oidc-auth-method'] ?? (hasSecret ? 'client_secret_basic' : 'none');
  if (keyFile !== undefined && method !== 'private_key_jwt' && !findings.isRejected('oidc-auth-method'))
    findings.report('oidc-private-key-file', 'is only accepted with --oidc-auth-method=private_key_jwt.');
  if (method === 'private_key_jwt' || method === 'none') {
    if (hasSecret)
      findings.report('oidc-auth-method', `is ${method}, but a client secret is given too; leave one out.`);
    if (method === 'none') return NOTHING;
    if (keyFile === undefined)
      findings.report(
        'oidc-private-key-file',
        'is missing: --oidc-auth-method=private_key_jwt needs a key to sign with.',
      );
    return privateKey === null ? NOTHING : { method, privateKey };
  }
  if (!hasSecret)
    findings.report('oidc-auth-method', `is ${method}, which needs --oidc-client-secret-file or --oidc-client-secret.`);
  return secret === null ? NOTHING : { method, secret };
}

function readSecret(settings: Settings, findings: Findings): string | null {
  const secret = settings['oidc-client-secret'] ?? '';
  const file = settings['oidc-client-secret-file'];
  if (file === undefined) return secret === '' ? null : secret;
  if (secret !== '') findings.report('oidc-client-secret-file', 'and --oidc-client-secret are both given; keep one.');
  // Editors and `echo` leave a line break at the end that is no part of a secret.
  const text = findings.readText('oidc-client-secret-file', file)?.replace(/\r?\n$/, '') ?? null;
  if (text === '') findings.report('oidc-client-secret-file', `is given, but ${file} holds no secret.`);
  return text;
}

function readPrivateKey(file: string, findings: Findings): string | null {
  const text = findings.readText('oidc-private-key-file', file);
  if (text === null) return null;
  const [block = ''] = /-----BEGIN PRIVATE KEY-----[\s\S]+?-----END PRIVATE KEY-----/.exec(text) ?? [];
  if (isSigningKey(block)) return block;
  findings.report(
    'oidc-private-key-file',
    `names ${file}; accepted: an unencrypted PKCS #8 key in PEM ("BEGIN PRIVATE KEY"), RSA of ${RSA_KEY_MIN_BITS} bits or more, EC on P-256, P-384 or P-521, or Ed25519.`,
  );
  return null;
}

/** The keys that RFC 7518, section 3.1, and RFC 8037 name an algorithm for. */
function isSigningKey(pem: string): boolean {
  try {
    const { asymmetricKeyType, asymmetricKeyDetails = {} } = createPrivateKey(pem);
    if (asymmetricKeyType === 'rsa') return (asymmetricKeyDetails.modulusLength ?? 0) >= RSA_KEY_MIN_BITS;
    if (asymmetricKeyType === 'ec') return CURVES.has(asymmetricKeyDetails.namedCurve ?? '');
    return asymmetricKeyType === 'ed25519';
  } catch {
    return false;
  }
}

/** As OpenSSL names P-256, P-384 and P-521. */
const CURVES: ReadonlySet<string> = new Set(['prime256v1', 'secp384r1', 'secp521r1']);
