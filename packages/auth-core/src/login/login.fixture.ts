/** One valid login for tests to break a field of. */
import { parseClusterName, toIssuer } from '../brands.ts';
import { clusterPage } from './return-path.ts';
import { beginLogin, type LoginTransaction } from './transaction.ts';

export const NOW = 1_800_000_000;

export function validLogin(changes: Partial<LoginTransaction> = {}): LoginTransaction {
  const cluster = parseClusterName('main');
  if (cluster === undefined) throw new Error('main is a cluster name');
  const login = beginLogin(
    {
      cluster,
      returnPath: clusterPage(cluster),
      redirectUri: 'https://lamp.example/oidc-callback',
      issuer: toIssuer('https://idp.example'),
      replacesSession: null,
    },
    {
      state: new Uint8Array(32).fill(1),
      nonce: new Uint8Array(32).fill(2),
      codeVerifier: new Uint8Array(32).fill(3),
    },
    NOW,
  );
  return { ...login, ...changes };
}
