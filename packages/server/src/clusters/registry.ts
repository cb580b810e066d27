/** The clusters this server offers, each with its connection. */
import { type ClusterName, parseClusterName, type Result, refuse } from '@lamplighter/auth-core';
import { type ClusterConnection, connectCluster } from '@lamplighter/proxy';
import type { ClusterConfig, IdentityHeaders } from '../config/server-config.ts';

export interface Cluster {
  readonly config: ClusterConfig;
  readonly name: ClusterName;
  readonly connection: ClusterConnection;
}

export interface Clusters {
  readonly all: readonly Cluster[];
  find(name: string): Result<Cluster>;
  close(): Promise<void>;
}

/** @param identity - the headers a proxy in front speaks in; no cluster ever gets to see one. */
export function createClusters(configs: readonly ClusterConfig[], identity: IdentityHeaders): Clusters {
  const identityHeaders = [identity.username, identity.groups, identity.email, identity.token];
  const all = configs.map((config) => ({
    config,
    name: config.name,
    connection: connectCluster(config.upstream, { identityHeaders }),
  }));
  const byName = new Map(all.map((cluster) => [cluster.name, cluster]));
  return {
    all,
    find: (raw) => {
      const name = parseClusterName(raw);
      const cluster = name && byName.get(name);
      return cluster === undefined ? refuse({ reason: 'cluster_unknown' }) : { ok: true, value: cluster };
    },
    close: async () => {
      await Promise.all(all.map(({ connection }) => connection.close()));
    },
  };
}
