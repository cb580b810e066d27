/** The one loader: arguments, environment and the files they name become a `ServerConfig`, or every problem at once. */
import { SERVICE_ACCOUNT_FOLDER } from '../constants.ts';
import { type GivenValue, readArguments } from './arguments.ts';
import { type Environment, readEnvironment } from './environment.ts';
import { Findings } from './findings.ts';
import { escapeControls, formatProblem } from './problems.ts';
import { readSettings } from './read-settings.ts';
import { resolveClusters } from './resolve-clusters.ts';
import { warnOfLapses } from './resolve-lapses.ts';
import { resolveListen } from './resolve-listen.ts';
import { resolveOidc } from './resolve-oidc.ts';
import { resolvePage } from './resolve-page.ts';
import { resolveIdentityHeaders } from './resolve-proxy-auth.ts';
import { resolveSessions } from './resolve-sessions.ts';
import type { ServerConfig } from './server-config.ts';

export type LoadedConfig =
  | { readonly kind: 'help' }
  | { readonly kind: 'version' }
  | { readonly kind: 'config'; readonly config: ServerConfig }
  /** Sentences, each with its key. */
  | { readonly kind: 'problems'; readonly problems: readonly string[] };

/** What a test replaces. */
export interface ConfigEdges {
  /** Where a pod finds its cluster's certificate. */
  readonly serviceAccountFolder?: string;
}

/** @param argv - without the program's name. Relative paths count from the working directory. */
export function loadConfig(
  argv: readonly string[],
  environment: Environment,
  { serviceAccountFolder = SERVICE_ACCOUNT_FOLDER }: ConfigEdges = {},
): LoadedConfig {
  const read = readArguments(argv);
  if (isOn(read.values.get('help'))) return { kind: 'help' };
  if (isOn(read.values.get('version'))) return { kind: 'version' };
  const given = new Map([...readEnvironment(environment), ...read.values]);
  const judged = readSettings(given);
  const { settings } = judged;
  const findings = new Findings(given, judged);
  const config = {
    clusters: resolveClusters(settings, findings, { environment, serviceAccountFolder }),
    listen: resolveListen(settings, findings),
    basePath: settings['base-url'],
    oidc: resolveOidc(settings, findings),
    sessions: resolveSessions(settings, findings),
    identity: {
      usernamePaths: settings['me-username-path'],
      emailPaths: settings['me-email-path'],
      groupsPaths: settings['me-groups-path'],
      userInfoUrl: settings['me-user-info-url'],
    },
    proxyAuth: settings['proxy-auth'],
    identityHeaders: resolveIdentityHeaders(settings, findings),
    trustedProxies: settings['trusted-proxies'],
    page: resolvePage(settings, findings),
    metrics: settings['metrics-enabled'],
    logLevel: settings['log-level'],
  };
  warnOfLapses(settings, judged.withoutEffect, findings);
  const problems = [...read.problems, ...judged.problems, ...findings.problems];
  if (problems.length > 0) return { kind: 'problems', problems: problems.map(formatProblem) };
  return { kind: 'config', config: { ...config, warnings: findings.warnings.map(escapeControls) } };
}

function isOn(given: GivenValue | undefined): boolean {
  return given !== undefined && /^(?:true|t|1)$/i.test(given.value);
}
