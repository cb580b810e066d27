/** Asks the cluster this server runs in for its own name, once, at the start, when nobody gave it one. */
import { randomUUID } from 'node:crypto';
import { type ClusterName, parseClusterName } from '@lamplighter/auth-core';
import { Credential, connectCluster, parseUpstreamPath } from '@lamplighter/proxy';
import { parse } from 'yaml';
import { z } from 'zod';
import { readTextFile } from '../config/files.ts';
import type { ClusterConfig } from '../config/server-config.ts';
import { CLUSTER_NAME_TIMEOUT_MS } from '../constants.ts';

const CONFIG_MAP_PATH = '/api/v1/namespaces/kube-system/configmaps/kubeadm-config';

/** kubeadm's name for every cluster that was given none; it says as little as no name. */
const UNSET = 'kubernetes';

const CONFIG_MAP = z.object({ data: z.object({ ClusterConfiguration: z.string() }) });
const CLUSTER_CONFIGURATION = z.object({ clusterName: z.string() });

/**
 * The clusters, each with the name people address it by. Whatever goes wrong (no right to read the ConfigMap, no such ConfigMap, no
 * answer within `timeoutMs`) leaves the stand-in: a name is no reason not to start.
 * @param timeoutMs - default: `CLUSTER_NAME_TIMEOUT_MS`.
 */
export async function nameClusters(
  clusters: readonly ClusterConfig[],
  timeoutMs: number = CLUSTER_NAME_TIMEOUT_MS,
): Promise<readonly ClusterConfig[]> {
  const taken = new Set(clusters.filter(({ askForName }) => askForName === undefined).map(({ name }) => name));
  return Promise.all(
    clusters.map(async ({ askForName, ...cluster }) => {
      const name = askForName && (await askName(cluster, askForName.tokenFile, timeoutMs));
      return name === undefined || taken.has(name) ? cluster : { ...cluster, name };
    }),
  );
}

async function askName(
  { upstream }: Pick<ClusterConfig, 'upstream'>,
  tokenFile: string,
  timeoutMs: number,
): Promise<ClusterName | undefined> {
  const token = readTextFile(tokenFile);
  const bearer = token.ok ? token.value.trim() : '';
  const path = parseUpstreamPath(CONFIG_MAP_PATH, upstream.basePath);
  if (bearer === '' || path === undefined) return undefined;
  const connection = connectCluster(upstream, { identityHeaders: [] });
  // Closing it ends the question too, as one that failed.
  const deadline = setTimeout(() => void connection.close(), timeoutMs);
  try {
    const credential = new Credential(bearer);
    const answer = await connection.ask({ method: 'GET', path, credential, body: {}, auditId: randomUUID() });
    return answer.ok && answer.status === 200 ? readName(answer.body) : undefined;
  } finally {
    clearTimeout(deadline);
    await connection.close();
  }
}

function readName(body: unknown): ClusterName | undefined {
  const configMap = CONFIG_MAP.safeParse(body);
  if (!configMap.success) return undefined;
  const configuration = CLUSTER_CONFIGURATION.safeParse(parseYaml(configMap.data.data.ClusterConfiguration));
  const name = configuration.success ? configuration.data.clusterName.trim() : '';
  return name === UNSET ? undefined : parseClusterName(name);
}

function parseYaml(text: string): unknown {
  try {
    return parse(text);
  } catch {
    return undefined;
  }
}
