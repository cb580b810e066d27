/** Which clusters are offered: the contexts of kubeconfig files, and the cluster this server runs in. */
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { readInCluster } from '../clusters/in-cluster.ts';
import { readKubeconfigs } from '../clusters/kubeconfig.ts';
import type { Environment } from './environment.ts';
import type { Findings } from './findings.ts';
import type { Settings } from './schema.ts';
import type { ClusterConfig } from './server-config.ts';

export interface Surroundings {
  readonly environment: Environment;
  readonly serviceAccountFolder: string;
}

export function resolveClusters(
  settings: Settings,
  findings: Findings,
  surroundings: Surroundings,
): readonly ClusterConfig[] {
  const own = resolveOwnCluster(settings, findings, surroundings);
  const paths = kubeconfigPaths(settings, surroundings.environment);
  // In a cluster nobody has to give a kubeconfig; anywhere else the want of one is told.
  if (settings['in-cluster'] && paths.length === 0) return own;
  const kubeconfig = readKubeconfigs(paths);
  for (const problem of kubeconfig.problems) findings.report('kubeconfig', problem);
  for (const warning of kubeconfig.warnings) findings.warn(warning);
  const twice = own.find(({ name }) => kubeconfig.clusters.some((cluster) => cluster.name === name));
  if (twice !== undefined)
    findings.report(
      'in-cluster-context-name',
      `must be another name: a context of the kubeconfig is called "${twice.name}" too.`,
    );
  return [...own, ...kubeconfig.clusters];
}

function resolveOwnCluster(
  settings: Settings,
  findings: Findings,
  { environment, serviceAccountFolder }: Surroundings,
): readonly ClusterConfig[] {
  const name = settings['in-cluster-context-name'] ?? null;
  if (!settings['in-cluster']) {
    if (name !== null) findings.warn('--in-cluster-context-name has no effect without --in-cluster.');
    return [];
  }
  const own = readInCluster(name, environment, serviceAccountFolder);
  if (own.ok) return [own.cluster];
  findings.report('in-cluster', own.problem);
  return [];
}

/** As Headlamp: in a cluster neither KUBECONFIG nor the home folder count. */
function kubeconfigPaths(settings: Settings, environment: Environment): readonly string[] {
  const usual = settings['in-cluster'] ? '' : environment['KUBECONFIG'] || join(homedir(), '.kube', 'config');
  return (settings.kubeconfig || usual).split(delimiter).filter((path) => path !== '');
}
