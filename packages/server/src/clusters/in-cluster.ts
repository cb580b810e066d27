/** The cluster this server runs in, as Kubernetes describes it to every pod. Of the pod's own token only the place is kept. */
import { join } from 'node:path';
import { type ClusterName, parseClusterName } from '@lamplighter/auth-core';
import { holdsCertificates } from '../config/certificates.ts';
import type { Environment } from '../config/environment.ts';
import { readTextFile } from '../config/files.ts';
import type { ClusterConfig } from '../config/server-config.ts';

export type ReadInCluster =
  | { readonly ok: true; readonly cluster: ClusterConfig }
  /** The end of a sentence that begins with `--in-cluster`. */
  | { readonly ok: false; readonly problem: string };

/**
 * @param name - null: the cluster is asked for its own; see name-in-cluster.ts.
 * @param folder - where the service account's files are.
 */
export function readInCluster(name: ClusterName | null, environment: Environment, folder: string): ReadInCluster {
  const origin = readOrigin(environment);
  if (origin === undefined) {
    return {
      ok: false,
      problem:
        'needs KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT, which Kubernetes sets in every pod; outside a cluster use --kubeconfig.',
    };
  }
  const ca = readTextFile(join(folder, 'ca.crt'));
  if (!ca.ok || !holdsCertificates(ca.value)) {
    const why = ca.ok ? 'is not a PEM bundle of certificates' : ca.problem;
    return {
      ok: false,
      problem: `needs ${join(folder, 'ca.crt')}, which ${why}; is automountServiceAccountToken off for this pod?`,
    };
  }
  const namespace = readTextFile(join(folder, 'namespace'));
  const cluster = {
    name: name ?? MAIN,
    upstream: { origin, basePath: '', tls: { insecureSkipTlsVerify: false, ca: ca.value } },
    namespace: namespace.ok ? namespace.value.trim() : '',
    source: 'incluster' as const,
    kubeconfigName: '',
  };
  const askForName = { tokenFile: join(folder, 'token') };
  return { ok: true, cluster: name === null ? { ...cluster, askForName } : cluster };
}

/** As client-go: both variables, and an IPv6 address in brackets. */
function readOrigin(environment: Environment): string | undefined {
  const host = environment['KUBERNETES_SERVICE_HOST'] ?? '';
  const port = environment['KUBERNETES_SERVICE_PORT'] ?? '';
  const authority = `${host.includes(':') ? `[${host}]` : host}:${port}`;
  // Nothing but a host and a port: no path, no name before an `@`.
  if (!/^(?:[A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\]):\d{1,5}$/.test(authority)) return undefined;
  return URL.canParse(`https://${authority}`) ? new URL(`https://${authority}`).origin : undefined;
}

/** What Headlamp calls a cluster that has no name of its own. */
const MAIN: ClusterName = toName('main');

function toName(text: string): ClusterName {
  const name = parseClusterName(text);
  if (name === undefined) throw new Error(`${text} is no cluster name`);
  return name;
}
