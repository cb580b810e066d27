/** Owns the order in which a world's control plane comes up and what makes it ready for people. */
import { join } from 'node:path';
import { peopleObjects, workloadObjects } from '@lamplighter/fixtures';
import type { Authority } from '../certificates/authority.ts';
import { CLUSTER_READY_TIMEOUT_MS } from '../constants.ts';
import type { PartContext } from '../process/context.ts';
import { untilReady } from '../process/ready.ts';
import type { StartedProcess } from '../process/supervised.ts';
import { type ApiServerFiles, type StartedApiServer, startApiServer, writeApiServerFiles } from './api-server.ts';
import { type ClusterClient, clusterClient, warmClusterClient } from './client.ts';
import { startControllerManager } from './controller-manager.ts';
import type { StartedEtcd } from './etcd.ts';
import { writeKubeconfig } from './kubeconfig.ts';
import { type TrustedIssuer, writeTrustFiles } from './trust.ts';

export interface ControlPlanePlan {
  /** Already on its way. */
  readonly etcd: Promise<StartedEtcd>;
  readonly authority: Authority;
  readonly issuers: readonly TrustedIssuer[];
  readonly egressSocket: string;
  /** Told as each part becomes ready. */
  readonly onReady: (part: string) => void;
}

export interface ControlPlane {
  readonly server: StartedApiServer;
  readonly files: ApiServerFiles;
  /** The administrator's. */
  readonly kubeconfig: string;
  /** Without a credential: what a target may know of the cluster. */
  readonly publicKubeconfig: string;
  readonly managerKubeconfig: string;
  readonly client: ClusterClient;
}

/** The aggregated roles are filled by a controller; a person bound to `view` before that may do nothing. */
async function untilRolesAreFilled(
  client: ClusterClient,
  controllers: StartedProcess,
  givenUp: AbortSignal,
): Promise<void> {
  await untilReady(controllers, {
    for: 'kube-controller-manager to fill the roles view and edit',
    timeoutMs: CLUSTER_READY_TIMEOUT_MS,
    givenUp,
    probe: async () => {
      const [view, edit] = await Promise.all([client.clusterRoleRules('view'), client.clusterRoleRules('edit')]);
      return (view > 0 && edit > 0) || 'they are empty';
    },
  });
}

/** Starts etcd and the API server, and writes the kubeconfigs for everybody who will talk to it. */
export async function startControlPlane(context: PartContext, plan: ControlPlanePlan): Promise<ControlPlane> {
  const { authority, issuers, egressSocket, onReady } = plan;
  const [etcd, files, trust] = await Promise.all([
    plan.etcd.then((started) => {
      onReady('etcd');
      return started;
    }),
    writeApiServerFiles(context.folder, context.address, authority),
    writeTrustFiles(context.folder, issuers, authority.certificate, egressSocket),
  ]);
  const [server] = await Promise.all([
    startApiServer(context, authority.certificate, { etcdEndpoint: etcd.endpoint, files, trust }).then((started) => {
      onReady('kube-apiserver');
      return started;
    }),
    warmClusterClient(),
  ]);
  const cluster = { server: server.url, ca: authority.certificate };
  const [admin, manager] = await Promise.all([
    authority.issue({ commonName: 'lamplighter-admin', organization: 'system:masters' }),
    authority.issue({ commonName: 'system:kube-controller-manager' }),
  ]);
  const kubeconfig = join(context.folder, 'kubeconfig');
  const publicKubeconfig = join(context.folder, 'kubeconfig.public');
  const managerKubeconfig = join(context.folder, 'kube-controller-manager.kubeconfig');
  await Promise.all([
    writeKubeconfig(kubeconfig, { ...cluster, client: admin }),
    writeKubeconfig(managerKubeconfig, { ...cluster, client: manager }),
    writeKubeconfig(publicKubeconfig, cluster),
  ]);
  const client = await clusterClient(kubeconfig);
  return { server, files, kubeconfig, publicKubeconfig, managerKubeconfig, client };
}

/** Starts the controllers, puts the people and the workloads in, and waits until the people's roles are filled. */
export async function seedCluster(
  context: PartContext,
  { client, files, managerKubeconfig }: ControlPlane,
  providers: readonly string[],
): Promise<void> {
  const controllers = await startControllerManager(context, managerKubeconfig, files);
  await client.createAll([...peopleObjects(providers), ...workloadObjects()]);
  await untilRolesAreFilled(client, controllers, context.signal);
  context.watch(controllers);
}
