/** GET /config: which clusters there are, and how people may sign in to them. Public, so it holds no secret and no path of this machine. */
import type { Clusters } from '../clusters/registry.ts';
import { replyJson } from '../http/replies.ts';
import type { ConfigResponse } from '../wire.ts';
import type { Handler } from './exchange.ts';

export function createConfigHandler(clusters: Clusters, oidcConfigured: boolean): Handler {
  const body: ConfigResponse = {
    clusters: clusters.all.map(({ config: { name, upstream, namespace, kubeconfigName } }) => ({
      name,
      // Not the kubeconfig's own text: only what was judged is published.
      server: upstream.origin + upstream.basePath,
      auth_type: oidcConfigured ? 'oidc' : '',
      meta_data: {
        source: 'kubeconfig',
        namespace,
        extensions: {},
        origin: { kubeconfig: kubeconfigName },
        originalName: name,
        clusterID: `${kubeconfigName}+${name}`,
      },
    })),
    isDynamicClusterEnabled: false,
    allowKubeconfigChanges: false,
    defaultPodDebugImage: '',
    defaultNodeShellImage: '',
    defaultNodeShellNamespace: '',
  };
  return async () => replyJson(body);
}
