/** The one loader: arguments, environment and the files they name become a `ServerConfig`, or every problem at once. */
import { statSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { toIssuer } from '@lamplighter/auth-core';
import { countCertificates, readKubeconfigs } from '../clusters/kubeconfig.ts';
import { SEALING_KEY_BYTES } from '../constants.ts';
import { type GivenValue, readArguments } from './arguments.ts';
import { type Environment, readEnvironment } from './environment.ts';
import { describeFileError, readTextFile } from './files.ts';
import type { Flag } from './flags.ts';
import { type ConfigProblem, escapeControls, formatProblem } from './problems.ts';
import { readSettings, type Settings } from './schema.ts';
import type { OidcConfig, ServerConfig, StoreConfig } from './server-config.ts';

export type LoadedConfig =
  | { readonly kind: 'help' }
  | { readonly kind: 'version' }
  | { readonly kind: 'config'; readonly config: ServerConfig }
  /** Sentences, each with its key. */
  | { readonly kind: 'problems'; readonly problems: readonly string[] };

/** @param argv - without the program's name. Relative paths count from the working directory. */
export function loadConfig(argv: readonly string[], environment: Environment): LoadedConfig {
  const read = readArguments(argv);
  if (isOn(read.values.get('help'))) return { kind: 'help' };
  if (isOn(read.values.get('version'))) return { kind: 'version' };
  const given = new Map([...readEnvironment(environment), ...read.values]);
  const settings = readSettings(given);
  const resolver = new Resolver(given, settings.rejected);
  const config = resolver.resolve(settings.settings, settings.withoutEffect, environment);
  const problems = [...read.problems, ...settings.problems, ...resolver.problems];
  return problems.length > 0 ? { kind: 'problems', problems: problems.map(formatProblem) } : { kind: 'config', config };
}

function isOn(given: GivenValue | undefined): boolean {
  return given !== undefined && /^(?:true|t|1)$/i.test(given.value);
}

/** Gathers problems while it reads, so that one start reports all of them. */
class Resolver {
  readonly problems: ConfigProblem[] = [];
  readonly #given: ReadonlyMap<string, GivenValue>;
  readonly #rejected: ReadonlySet<string>;

  constructor(given: ReadonlyMap<string, GivenValue>, rejected: ReadonlySet<string>) {
    this.#given = given;
    this.#rejected = rejected;
  }

  resolve(settings: Settings, withoutEffect: readonly Flag[], environment: Environment): ServerConfig {
    const kubeconfig = readKubeconfigs(kubeconfigPaths(settings, environment));
    for (const problem of kubeconfig.problems) this.#report('kubeconfig', problem);
    const oidc = this.#resolveOidc(settings);
    const warnings = [...kubeconfig.warnings];
    warnings.push(...this.#describeLapses(withoutEffect));
    if (oidc === null && settings['oidc-callback-url'] !== undefined) {
      warnings.push(
        '--oidc-callback-url has no effect: no provider is configured (--oidc-client-id, --oidc-issuer-url).',
      );
    }
    if (oidc !== null && oidc.callbackUrl === null) {
      warnings.push('No --oidc-callback-url is set: the redirect URI is built from the Host header of each request.');
    }
    if (oidc !== null && !oidc.usePkce)
      warnings.push('PKCE is off; turn it on with --oidc-use-pkce if the provider knows it.');
    return {
      listen: { port: settings.port, address: settings['listen-addr'] },
      clusters: kubeconfig.clusters,
      oidc,
      sessions: {
        ttlSeconds: settings['session-ttl'],
        store: this.#resolveStore(settings['session-store']),
        sealingKeys: this.#readKeys(settings['session-key-file']),
      },
      trustedProxies: settings['trusted-proxies'],
      htmlStaticDir: this.#resolveFolder(settings['html-static-dir']),
      logLevel: settings['log-level'],
      warnings: warnings.map(escapeControls),
    };
  }

  #resolveOidc(settings: Settings): OidcConfig | null {
    const clientId = settings['oidc-client-id'] ?? '';
    const issuer = settings['oidc-idp-issuer-url'] ?? '';
    const clientSecret = this.#readSecret(settings);
    if (clientId === '' && issuer === '') {
      if (clientSecret !== null)
        this.#report('oidc-client-secret', 'is of no use without --oidc-client-id and --oidc-issuer-url.');
      return null;
    }
    if (issuer === '')
      this.#report('oidc-idp-issuer-url', 'is missing: with --oidc-client-id the provider’s issuer URL is needed too.');
    if (clientId === '')
      this.#report('oidc-client-id', 'is missing: with --oidc-issuer-url the client id is needed too.');
    return {
      issuer: toIssuer(issuer),
      clientId,
      clientSecret,
      scopes: readScopes(settings['oidc-scopes']),
      usePkce: settings['oidc-use-pkce'],
      callbackUrl: settings['oidc-callback-url'] ?? null,
      ca: this.#readCa(settings['oidc-ca-file']),
    };
  }

  #readSecret(settings: Settings): string | null {
    const secret = settings['oidc-client-secret'] ?? '';
    const file = settings['oidc-client-secret-file'];
    if (file === undefined) return secret === '' ? null : secret;
    if (secret !== '') this.#report('oidc-client-secret-file', 'and --oidc-client-secret are both given; keep one.');
    // Editors and `echo` leave a line break at the end that is no part of a secret.
    const text = this.#readText('oidc-client-secret-file', file)?.replace(/\r?\n$/, '') ?? null;
    if (text === '') this.#report('oidc-client-secret-file', `is given, but ${file} holds no secret.`);
    return text;
  }

  #readCa(file: string | undefined): string | null {
    if (file === undefined) return null;
    const pem = this.#readText('oidc-ca-file', file);
    if (pem === null) return null;
    try {
      if (countCertificates(pem) > 0) return pem;
    } catch {
      // Told below, as for a file without any certificate.
    }
    this.#report('oidc-ca-file', `names ${file}, which is not a PEM bundle of certificates.`);
    return null;
  }

  #resolveStore(value: string): StoreConfig {
    if (value === 'memory') return { kind: 'memory' };
    if (/^(?:redis|rediss|valkey|valkeys|unix):/i.test(value)) {
      this.#report(
        'session-store',
        'names a Redis or Valkey server, which is not built yet; accepted: `memory` or the path of a file.',
      );
    }
    return { kind: 'file', path: resolve(value) };
  }

  #readKeys(file: string | undefined): readonly Uint8Array[] {
    const text = file === undefined ? null : this.#readText('session-key-file', file);
    if (text === null) return [];
    const lines = text.split('\n').map((line) => line.trim());
    const keys = lines.filter((line) => line !== '').map((line) => Buffer.from(line, 'base64'));
    if (keys.length === 0 || keys.some((key) => key.length !== SEALING_KEY_BYTES)) {
      const accepted = `one key a line, each ${SEALING_KEY_BYTES} bytes in base64 (openssl rand -base64 ${SEALING_KEY_BYTES})`;
      this.#report('session-key-file', `names ${file}; accepted: ${accepted}.`);
    }
    return keys;
  }

  #resolveFolder(folder: string | undefined): string | null {
    if (folder === undefined || folder === '') return null;
    const path = resolve(folder);
    try {
      if (statSync(path).isDirectory()) return path;
      this.#report('html-static-dir', `names ${folder}, which is not a folder.`);
    } catch (error) {
      this.#report('html-static-dir', `names ${folder}, which ${describeFileError(error)}.`);
    }
    return null;
  }

  /** One sentence for each flag somebody relies on, unless they turned it off, and one for all others. */
  #describeLapses(withoutEffect: readonly Flag[]): readonly string[] {
    const isLapse = ({ name, kind, lapse }: Flag): boolean =>
      lapse !== undefined && (kind !== 'boolean' || isOn(this.#given.get(name)));
    const others = withoutEffect.filter((flag) => !isLapse(flag)).map(({ name }) => `--${name}`);
    return [
      ...withoutEffect.filter(isLapse).map(({ name, lapse }) => `--${name} has no effect yet: ${lapse}.`),
      ...(others.length === 0 ? [] : [`Accepted, but without effect yet: ${others.join(', ')}.`]),
    ];
  }

  /** Null when it cannot be read, which is then reported already. */
  #readText(flag: string, path: string): string | null {
    const text = readTextFile(path);
    if (text.ok) return text.value;
    this.#report(flag, `names ${path}, which ${text.problem}.`);
    return null;
  }

  #report(flag: string, problem: string): void {
    // Its value was refused already; that it is now missing is no news.
    if (this.#rejected.has(flag)) return;
    this.problems.push({ key: this.#given.get(flag)?.key ?? `--${flag}`, problem });
  }
}

function kubeconfigPaths(settings: Settings, environment: Environment): readonly string[] {
  const list = settings.kubeconfig || environment['KUBECONFIG'] || join(homedir(), '.kube', 'config');
  return list.split(delimiter).filter((path) => path !== '');
}

/** `openid` first, whatever was asked; blanks and repeats dropped. */
function readScopes(list: string): readonly string[] {
  const asked = list.split(/[,\s]+/).filter((scope) => scope !== '');
  return [...new Set(['openid', ...asked])];
}
