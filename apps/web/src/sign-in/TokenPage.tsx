/** Signs in with a pasted token. */
import type { ClusterSummary, SignInOptions } from '@lamplighter/server/wire';
import type { ReactElement } from 'react';
import { Link } from 'wouter';
import { clusterAddress, loginAddress } from '../navigation/address.ts';
import { usePageHeading } from '../navigation/use-page-heading.ts';
import { useGo } from '../navigation/use-place.ts';
import { SignInFrame } from './SignInFrame.tsx';
import { TokenForm } from './TokenForm.tsx';

interface Props {
  readonly cluster: ClusterSummary;
  readonly signIn: SignInOptions;
  readonly returnTo: string | null;
}

export function TokenPage({ cluster, signIn, returnTo }: Props): ReactElement {
  const heading = usePageHeading(`Sign in to ${cluster.name} with a token`);
  const go = useGo();
  return (
    <SignInFrame>
      <h1 ref={heading} tabIndex={-1}>
        Use a token <span className="to">for {cluster.name}</span>
      </h1>
      {signIn.hideTokenLogin && cluster.auth_type === 'oidc' && (
        <p className="soft">
          People sign in to this cluster with their provider. A token works too, for those who were given one.
        </p>
      )}
      <TokenForm cluster={cluster.name} onSignedIn={() => go(returnTo ?? clusterAddress(cluster.name))} />
      <p className="fine">
        A service account’s token comes from{' '}
        <code className="command">kubectl create token NAME --namespace NAMESPACE</code>
      </p>
      <Link href={loginAddress(cluster.name, { returnTo })}>Other ways to sign in</Link>
    </SignInFrame>
  );
}
