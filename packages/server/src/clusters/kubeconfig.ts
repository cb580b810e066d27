/** Turns kubeconfig files into the clusters offered. Each mistake is one sentence that names the file. */
import { readFileSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import { parseClusterName } from '@lamplighter/auth-core';
import type { Upstream } from '@lamplighter/proxy';
import { parse } from 'yaml';
import { holdsCertificates } from '../config/certificates.ts';
import { readTextFile } from '../config/files.ts';
import type { ClusterConfig } from '../config/server-config.ts';
import { KUBECONFIG, type Kubeconfig, type KubeconfigCluster } from './kubeconfig-schema.ts';

export interface ReadKubeconfig {
  readonly clusters: readonly ClusterConfig[];
  /** Sentences, each naming the file. */
  readonly problems: readonly string[];
  readonly warnings: readonly string[];
}

/** A kubeconfig's entry with the file it came from: paths in it count from there, and sentences name it. */
interface Placed<Entry> {
  readonly entry: Entry;
  readonly path: string;
}

type ContextEntry = NonNullable<Kubeconfig['contexts']>[number]['context'];

/**
 * As kubectl merges a list: entries of one name are one, and the first file's counts; a file of a list that is missing is passed over. A
 * context that cannot be used is left out with a warning, and is a problem only when none is left.
 * @param paths - in kubectl's order.
 */
export function readKubeconfigs(paths: readonly string[]): ReadKubeconfig {
  const problems: string[] = [];
  const warnings: string[] = [];
  const clusters = new Map<string, Placed<KubeconfigCluster>>();
  const contexts = new Map<string, Placed<ContextEntry>>();
  for (const path of paths) {
    const file = readFile(path);
    if (file.kind === 'missing' && paths.length > 1) warnings.push(`${file.problem} It is passed over.`);
    else if (file.kind !== 'read') problems.push(file.problem);
    else {
      for (const { name, cluster } of file.config.clusters ?? []) addFirst(clusters, name, { entry: cluster, path });
      for (const { name, context } of file.config.contexts ?? []) addFirst(contexts, name, { entry: context, path });
    }
  }
  const offered: ClusterConfig[] = [];
  const broken: string[] = [];
  for (const [name, context] of contexts) {
    const usable = toClusterConfig(name, context, clusters);
    if (typeof usable === 'string') broken.push(usable);
    else {
      offered.push(usable.config);
      warnings.push(...usable.warnings);
    }
  }
  if (offered.length > 0) warnings.push(...broken.map((sentence) => `${sentence} It is left out.`));
  else if (problems.length === 0) {
    problems.push(
      ...(broken.length > 0 ? broken : [`${paths.join(' and ')} holds no context; add one, or name another file.`]),
    );
  }
  return { clusters: offered, problems, warnings };
}

function addFirst<Entry>(entries: Map<string, Placed<Entry>>, name: string, placed: Placed<Entry>): void {
  if (!entries.has(name)) entries.set(name, placed);
}

type Usable = { readonly config: ClusterConfig; readonly warnings: readonly string[] };

/** The cluster a context offers, or the sentence that says why it offers none. */
function toClusterConfig(
  name: string,
  { entry: context, path }: Placed<ContextEntry>,
  clusters: ReadonlyMap<string, Placed<KubeconfigCluster>>,
): Usable | string {
  const clusterName = parseClusterName(name);
  if (clusterName === undefined)
    return `a context of ${path} has a name that is blank, too long or holds control characters.`;
  const found = clusters.get(context.cluster);
  const upstream = found === undefined ? 'there is no such cluster' : toUpstream(found.entry, dirname(found.path));
  if (found === undefined || typeof upstream === 'string')
    return `the context "${name}" of ${path} names the cluster "${context.cluster}", but ${upstream}.`;
  const warnings: string[] = [];
  if (upstream.tls.insecureSkipTlsVerify)
    warnings.push(
      `The certificate of the cluster "${name}" is not checked (insecure-skip-tls-verify in ${found.path}): anyone on the way can read every token.`,
    );
  if (found.entry['proxy-url'] !== undefined)
    warnings.push(`The proxy-url of the cluster "${name}" in ${found.path} has no effect yet.`);
  const namespace = context.namespace ?? '';
  const kubeconfigName = basename(path);
  return { config: { name: clusterName, upstream, namespace, source: 'kubeconfig', kubeconfigName }, warnings };
}

type ReadFile =
  | { readonly kind: 'read'; readonly config: Kubeconfig }
  | { readonly kind: 'missing' | 'unreadable'; readonly problem: string };

function readFile(path: string): ReadFile {
  const text = readTextFile(path);
  if (!text.ok) return { kind: text.missing ? 'missing' : 'unreadable', problem: `${path} ${text.problem}.` };
  let content: unknown;
  try {
    content = parse(text.value);
  } catch {
    // The parser's own message quotes the line, which may be a credential.
    return { kind: 'unreadable', problem: `${path} is not YAML.` };
  }
  const config = KUBECONFIG.safeParse(content);
  if (config.success) return { kind: 'read', config: config.data };
  const [issue] = config.error.issues;
  const place = issue?.path.join('.') || 'its top level';
  return { kind: 'unreadable', problem: `${path} is not a kubeconfig: ${place} is not as it should be.` };
}

/** The upstream, or the end of a sentence that says why there is none. */
function toUpstream(cluster: KubeconfigCluster, folder: string): Upstream | string {
  if (!URL.canParse(cluster.server)) return 'its server is not a URL';
  const { protocol, origin, pathname, search, hash, username, password } = new URL(cluster.server);
  if (protocol !== 'https:' && protocol !== 'http:') return 'its server is neither https nor http';
  // Attack this stops: what stands here is published at /config, and a password in it would be too.
  if (username !== '' || password !== '') return 'its server holds a user name or a password';
  if (search !== '' || hash !== '') return 'its server holds a query or a fragment';
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
    if (pem === null || holdsCertificates(pem)) return { ok: true, pem };
  } catch {
    // Told below, as for a file without any certificate.
  }
  return {
    ok: false,
    problem: `its ${data ? 'certificate-authority-data is' : `certificate-authority ${file} is`} not a readable PEM certificate`,
  };
}
