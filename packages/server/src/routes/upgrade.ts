/** WebSocket and SPDY requests below a cluster: not built yet, which is told to those only whose credential would have got through. */
import { type CredentialSources, decideCredential } from './decide-credential.ts';
import { refused } from './exchange.ts';
import type { ProxyHandler } from './proxy.ts';

export function createUpgradeHandler(sources: CredentialSources): ProxyHandler {
  return async (asked) => {
    const decision = await decideCredential(asked, asked.cluster, sources, 'upgrade');
    return asked.refuse(decision.ok ? refused({ reason: 'not_built' }) : decision);
  };
}
