/** Turns kubeconfig files into the clusters offered. Each mistake is one sentence that names the file. */
import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import { parseClusterName } from '@lamplighter/auth-core';
import type { Upstream } from '@lamplighter/proxy';
import { parse } from 'yaml';
import { readTextFile } from '../config/files.ts';
import type { ClusterConfig } from '../config/server-config.ts';
import { KUBECONFIG, type Kubeconfig, type KubeconfigCluster } from './kubeconfig-schema.ts';

export interface ReadKubeconfig {
  readonly clusters: readonly ClusterConfig[];
  /** Sentences, each naming the file. */
  readonly problems: readonly string[];
  readonly warnings: readonly string[];
}

/** @param paths - in kubectl's order: of two contexts with one name, the first file's counts. */
export function readKubeconfigs(paths: readonly string[]): ReadKubeconfig {
  const clusters = new Map<string, ClusterConfig>();
  const problems: string[] = [];
  const warnings: string[] = [];
  for (const path of paths) {
    const file = readFile(path);
    if (typeof file === 'string') {
      problems.push(file);
      continue;
    }
    for (const { name, context } of file.contexts ?? []) {
      if (clusters.has(name)) continue;
      const found = file.clusters?.find((candidate) => candidate.name === context.cluster);
      const upstream =
        found === undefined ? 'no such cluster is in the file' : toUpstream(found.cluster, dirname(path));
      const clusterName = parseClusterName(name);
      if (typeof upstream === 'string')
        problems.push(`the context "${name}" of ${path} names the cluster "${context.cluster}", but ${upstream}.`);
      else if (clusterName === undefined)
        problems.push(`a context of ${path} has a name that is blank, too long or holds control characters.`);
      else {
        const { server } = found?.cluster ?? { server: '' };
        clusters.set(name, {
          name: clusterName,
          upstream,
          serverUrl: server,
          namespace: context.namespace ?? '',
          kubeconfigName: basename(path),
        });
        if (upstream.tls.insecureSkipTlsVerify)
          warnings.push(
            `The certificate of the cluster "${name}" is not checked (insecure-skip-tls-verify in ${path}): anyone on the way can read every token.`,
          );
        if (found?.cluster['proxy-url'] !== undefined)
          warnings.push(`The proxy-url of the cluster "${name}" in ${path} has no effect yet.`);
      }
    }
  }
  if (clusters.size === 0 && problems.length === 0)
    problems.push(`${paths.join(' and ')} holds no context; add one, or name another file.`);
  return { clusters: [...clusters.values()], problems, warnings };
}

function readFile(path: string): Kubeconfig | string {
  const text = readTextFile(path);
  if (!text.ok) return `${path} ${text.problem}.`;
  let content: unknown;
  try {
    content = parse(text.value);
  } catch {
    // The parser's own message quotes the line, which may be a credential.
    return `${path} is not YAML.`;
  }
  const config = KUBECONFIG.safeParse(content);
  if (config.success) return config.data;
  const [issue] = config.error.issues;
  return `${path} is not a kubeconfig: ${issue?.path.join('.') || 'its top level'} is not as it should be.`;
}

/** The upstream, or the end of a sentence that says why there is none. */
function toUpstream(cluster: KubeconfigCluster, folder: string): Upstream | string {
  if (!URL.canParse(cluster.server)) return 'its server is not a URL';
  const { protocol, origin, pathname, search, username } = new URL(cluster.server);
  if (protocol !== 'https:' && protocol !== 'http:') return 'its server is neither https nor http';
  if (search !== '' || username !== '') return 'its server holds a query or a user name';
  const ca = readCa(cluster, folder);
  if (!ca.ok) return ca.problem;
  return {
    origin,
    basePath: pathname.replace(/\/+$/, ''),
    tls: {
      insecureSkipTlsVerify: cluster['insecure-skip-tls-verify'] ?? false,
      ...(ca.pem === null ? {} : { ca: ca.pem }),
      ...(cluster['tls-server-name'] === undefined ? {} : { serverName: cluster['tls-server-name'] }),
    },
  };
}

type Ca = { readonly ok: true; readonly pem: string | null } | { readonly ok: false; readonly problem: string };

function readCa(cluster: KubeconfigCluster, folder: string): Ca {
  const data = cluster['certificate-authority-data'];
  const file = cluster['certificate-authority'];
  try {
    // As client-go: the data win over the file, and an empty value is none.
    const pem = data
      ? Buffer.from(data, 'base64').toString('latin1')
      : file
        ? readFileSync(resolve(folder, file), 'latin1')
        : null;
    if (pem !== null && countCertificates(pem) === 0) throw new Error('no certificate');
    return { ok: true, pem };
  } catch {
    return {
      ok: false,
      problem: `its ${data ? 'certificate-authority-data is' : `certificate-authority ${file} is`} not a readable PEM certificate`,
    };
  }
}

/** Throws when a block that says it is a certificate is none. */
export function countCertificates(pem: string): number {
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g) ?? [];
  return blocks.map((block) => new X509Certificate(block)).length;
}
