/** Owns starting kube-controller-manager: without it the roles view, edit and admin stay empty and Deployments bring no pods. */
import { join } from 'node:path';
import type { PartContext } from '../process/context.ts';
import type { StartedProcess } from '../process/supervised.ts';
import type { ApiServerFiles } from './api-server.ts';

/** No kubelet runs in a native world: these two would take its pods and nodes for dead and remove them. */
const NOT_WITHOUT_KUBELET = ['pod-garbage-collector-controller', 'node-lifecycle-controller'];

/** Starts the controllers with a kubeconfig of their own. They have no port; what they did is seen in the cluster. */
export async function startControllerManager(
  context: PartContext,
  kubeconfig: string,
  files: ApiServerFiles,
): Promise<StartedProcess> {
  return context.start({
    name: 'kube-controller-manager',
    command: context.binary('kube-controller-manager'),
    cwd: context.folder,
    args: [
      `--kubeconfig=${kubeconfig}`,
      `--service-account-private-key-file=${files.signingKey}`,
      `--root-ca-file=${files.ca}`,
      `--controllers=*,${NOT_WITHOUT_KUBELET.map((name) => `-${name}`).join(',')}`,
      `--cert-dir=${join(context.folder, 'kube-controller-manager')}`,
      // Each controller acts under its own account and so with its own, bootstrapped rights.
      '--use-service-account-credentials=true',
      // One client on loopback: the default of 20 requests a second alone would cost four seconds.
      '--kube-api-qps=1000',
      '--kube-api-burst=2000',
      '--leader-elect=false',
      '--secure-port=0',
    ],
  });
}
