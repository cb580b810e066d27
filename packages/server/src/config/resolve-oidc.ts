/** Which provider signs people in, and what is expected of it. */
import { toIssuer } from '@lamplighter/auth-core';
import { holdsCertificates } from './certificates.ts';
import type { Findings } from './findings.ts';
import { FLAGS } from './flags.ts';
import { resolveClientAuthentication } from './resolve-client-authentication.ts';
import type { Settings } from './schema.ts';
import type { OidcConfig } from './server-config.ts';
import { CALLBACK_PATH } from './urls.ts';

export function resolveOidc(settings: Settings, findings: Findings): OidcConfig | null {
  // Everything is read, with a provider or without, so that a mistake in any of it is told now.
  const authentication = resolveClientAuthentication(settings, findings);
  const ca = readCa(settings['oidc-ca-file'], findings);
  const callbackUrl = judgeCallbackUrl(settings, findings);
  const clientId = settings['oidc-client-id'] ?? '';
  const issuer = settings['oidc-idp-issuer-url'] ?? '';
  if (clientId === '' && issuer === '') {
    judgeAbsence(findings);
    return null;
  }
  if (issuer === '')
    findings.report(
      'oidc-idp-issuer-url',
      'is missing: with --oidc-client-id the provider’s issuer URL is needed too.',
    );
  if (clientId === '')
    findings.report('oidc-client-id', 'is missing: with --oidc-issuer-url the client id is needed too.');
  const validatorIssuer = settings['oidc-validator-idp-issuer-url'];
  const config: OidcConfig = {
    issuer: toIssuer(issuer),
    clientId,
    authentication,
    scopes: settings['oidc-scopes'],
    offlineAccess: settings['oidc-offline-access'],
    usePkce: settings['oidc-use-pkce'],
    callbackUrl,
    validatorClientId: settings['oidc-validator-client-id'] ?? null,
    validatorIssuer: validatorIssuer === undefined ? null : toIssuer(validatorIssuer),
    useAccessToken: settings['oidc-use-access-token'],
    userinfo: settings['oidc-userinfo'],
    ca,
    // As Headlamp: whoever names the authorities wants them checked. Also when that file was refused: nothing starts then.
    skipTlsVerify: isUnverified(settings) && settings['oidc-ca-file'] === undefined,
  };
  warnOfRisks(config, settings, findings);
  return config;
}

function isUnverified(settings: Settings): boolean {
  return settings['oidc-skip-tls-verify'] || settings['insecure-ssl'];
}

function warnOfRisks(config: OidcConfig, settings: Settings, findings: Findings): void {
  const skips = ['oidc-skip-tls-verify', 'insecure-ssl'].filter((flag) => findings.isAskedFor(flag));
  const names = skips.map((flag) => `--${flag}`).join(' and ');
  if (config.skipTlsVerify) {
    findings.warn(
      `DANGER: the certificate of the provider is NOT checked (${names}): anyone on the way to it can read the client secret and sign in as anybody. Name its authority with --oidc-ca-file instead.`,
    );
  } else if (isUnverified(settings)) {
    findings.warn(`${names} has no effect: --oidc-ca-file wins, and the provider’s certificate is checked.`);
  }
  if (config.callbackUrl === null)
    findings.warn('No --oidc-callback-url is set: the redirect URI is built from the Host header of each request.');
  if (!config.usePkce) findings.warn('PKCE is off; turn it on with --oidc-use-pkce if the provider knows it.');
}

/** Nobody signs in at a provider. A secret was surely meant for one; of the rest it is enough to say so. */
function judgeAbsence(findings: Findings): void {
  for (const flag of ['oidc-client-secret', 'oidc-client-secret-file', 'oidc-private-key-file']) {
    if (findings.isAskedFor(flag))
      findings.report(flag, 'is of no use without --oidc-client-id and --oidc-issuer-url.');
  }
  const others = FLAGS.map(({ name }) => name).filter(
    (name) => /^oidc-(?!use-cookie$)|^insecure-ssl$|^auto-login$/.test(name) && findings.isAskedFor(name),
  );
  if (others.length === 0) return;
  const names = others.map((name) => `--${name}`).join(', ');
  findings.warn(`No provider is configured (--oidc-client-id, --oidc-issuer-url), so without effect: ${names}.`);
}

/**
 * Below a base path the cookie of a login in flight is sent to that path only, and the callback is answered there only: with another
 * path every sign-in would end in an error page.
 */
function judgeCallbackUrl(settings: Settings, findings: Findings): string | null {
  const url = settings['oidc-callback-url'];
  const basePath = settings['base-url'];
  if (url === undefined) return null;
  const expected = `${basePath}${CALLBACK_PATH}`;
  if (basePath !== '' && new URL(url).pathname !== expected)
    findings.report(
      'oidc-callback-url',
      `does not fit --base-url=${basePath}; accepted: a URL with the path ${expected}.`,
    );
  return url;
}

function readCa(file: string | undefined, findings: Findings): string | null {
  if (file === undefined) return null;
  const pem = findings.readText('oidc-ca-file', file);
  if (pem === null || holdsCertificates(pem)) return pem;
  findings.report('oidc-ca-file', `names ${file}, which is not a PEM bundle of certificates.`);
  return null;
}
