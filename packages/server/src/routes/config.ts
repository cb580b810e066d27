/** GET /config: which clusters there are, and how people may sign in to them. Public, so it holds no secret and no path of this machine. */
import type { Clusters } from '../clusters/registry.ts';
import { replyJson } from '../http/replies.ts';
import type { ConfigResponse, SignInOptions } from '../wire.ts';
import type { Handler } from './exchange.ts';

export function createConfigHandler(clusters: Clusters, oidcConfigured: boolean, signIn: SignInOptions): Handler {
  const body: ConfigResponse = {
    clusters: clusters.all.map(({ config: { name, upstream, namespace, source, kubeconfigName } }) => ({
      name,
      // Not the kubeconfig's own text: only what was judged is published.
      server: upstream.origin + upstream.basePath,
      auth_type: oidcConfigured ? 'oidc' : '',
      meta_data: {
        source,
        namespace,
        extensions: {},
        origin: { kubeconfig: kubeconfigName },
        originalName: name,
        // Headlamp leaves it empty in a cluster, where no file tells two apart.
        clusterID: source === 'incluster' ? '' : `${kubeconfigName}+${name}`,
      },
    })),
    isDynamicClusterEnabled: false,
    allowKubeconfigChanges: false,
    defaultPodDebugImage: '',
    defaultNodeShellImage: '',
    defaultNodeShellNamespace: '',
    lamplighter: { autoLogin: signIn.autoLogin, hideTokenLogin: signIn.hideTokenLogin },
  };
  return async () => replyJson(body);
}
