/** Owns the testbed's own requests to a world's cluster, made as its administrator or as somebody with a token. */
import { readFile } from 'node:fs/promises';
import type { KubeConfig } from '@kubernetes/client-node';
import type { KubernetesObject } from '@lamplighter/fixtures';
import { z } from 'zod';
import { trustingFetch } from '../certificates/trusting-fetch.ts';
import { TestbedError } from '../process/errors.ts';
import { describeThrown } from '../process/wait.ts';

/** The Kubernetes client costs 0.4 s to load: it is loaded when first needed, beside the API server's own start. */
const loadClient = (): Promise<typeof import('@kubernetes/client-node')> => import('@kubernetes/client-node');

export interface ClusterClient {
  /** Creates objects, in order of their namespaces: first those that are namespaces themselves. */
  createAll(objects: readonly KubernetesObject[]): Promise<void>;
  /** A fresh service-account token (TokenRequest); the API server gives it at least 600 s. */
  serviceAccountToken(namespace: string, name: string, seconds: number): Promise<string>;
  /** How many rules a cluster role holds; aggregated ones begin with none. */
  clusterRoleRules(name: string): Promise<number>;
}

/** What a Kubernetes Status says; the client's own message holds the whole answer, headers included. */
function statusMessage(thrown: unknown): string | undefined {
  if (!(thrown instanceof Error) || !('body' in thrown)) return undefined;
  const body: unknown = typeof thrown.body === 'string' ? JSON.parse(thrown.body) : thrown.body;
  const status = z.object({ message: z.string() }).safeParse(body);
  return status.success ? status.data.message : undefined;
}

async function orRefused<T>(what: string, request: Promise<T>): Promise<T> {
  try {
    return await request;
  } catch (cause) {
    const why = statusMessage(cause) ?? describeThrown(cause);
    throw new TestbedError('cluster-refused', `The cluster refused ${what}: ${why}.`, { cause });
  }
}

/** A client that signs in with what the kubeconfig holds. Loads the Kubernetes client library. */
export async function clusterClient(kubeconfig: string): Promise<ClusterClient> {
  const kubernetes = await loadClient();
  const config: KubeConfig = new kubernetes.KubeConfig();
  config.loadFromFile(kubeconfig);
  const objects = kubernetes.KubernetesObjectApi.makeApiClient(config);
  const core = config.makeApiClient(kubernetes.CoreV1Api);
  const rbac = config.makeApiClient(kubernetes.RbacAuthorizationV1Api);
  const create = async (object: KubernetesObject): Promise<void> => {
    await orRefused(`to create ${object.kind} ${object.metadata.name}`, objects.create(object));
  };
  return {
    createAll: async (all) => {
      await Promise.all(all.filter(({ kind }) => kind === 'Namespace').map(create));
      await Promise.all(all.filter(({ kind }) => kind !== 'Namespace').map(create));
    },
    serviceAccountToken: async (namespace, name, expirationSeconds) => {
      const request = core.createNamespacedServiceAccountToken({
        namespace,
        name,
        body: { spec: { audiences: [], expirationSeconds } },
      });
      const { status } = await orRefused(`a token for ${namespace}/${name}`, request);
      if (!status?.token)
        throw new TestbedError('cluster-refused', `The cluster gave no token for ${namespace}/${name}.`);
      return status.token;
    },
    clusterRoleRules: async (name) => (await rbac.readClusterRole({ name })).rules?.length ?? 0,
  };
}

/** Loads the library ahead of its first use. */
export async function warmClusterClient(): Promise<void> {
  await loadClient();
}

/**
 * Whether the cluster knows who a token speaks for: `true`, or what it said instead. The only honest readiness of an
 * issuer, because the API server initialises it in the background.
 */
export async function tokenAccepted(server: string, caFile: string, token: string): Promise<true | string> {
  await using trusting = trustingFetch(await readFile(caFile, 'utf8'));
  const response = await trusting.fetch(`${server}/apis/authentication.k8s.io/v1/selfsubjectreviews`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview' }),
  });
  await response.body?.cancel();
  return response.status === 201 || `status ${response.status}`;
}
