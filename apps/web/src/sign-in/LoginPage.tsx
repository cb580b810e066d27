/** Chooses how to sign in to a cluster. */
import type { ClusterSummary } from '@lamplighter/server/wire';
import type { ReactElement } from 'react';
import { Link } from 'wouter';
import { useEdges } from '../edges.tsx';
import { clusterAddress, providerAddress, tokenAddress } from '../navigation/address.ts';
import { usePageHeading } from '../navigation/use-page-heading.ts';
import { readEnding } from '../session/endings.ts';
import { SignInFrame } from './SignInFrame.tsx';

interface Props {
  readonly cluster: ClusterSummary;
  /** The page somebody wanted, or null. */
  readonly returnTo: string | null;
  /** Why they are here, as a code, or null. */
  readonly why: string | null;
}

export function LoginPage({ cluster, returnTo, why }: Props): ReactElement {
  const { openDocument } = useEdges();
  const heading = usePageHeading(`Sign in to ${cluster.name}`);
  const ending = readEnding(why);
  return (
    <SignInFrame>
      <h1 ref={heading} tabIndex={-1}>
        Sign in <span className="to">to {cluster.name}</span>
      </h1>
      {ending !== null && (
        <p
          role={ending.tone === 'alert' ? 'alert' : 'status'}
          className={ending.tone === 'alert' ? 'notice warn' : 'soft'}
        >
          {ending.sentence}
        </p>
      )}
      <div className="stack">
        {cluster.auth_type === 'oidc' && (
          <button
            type="button"
            className="button strong"
            onClick={() => openDocument(providerAddress(cluster.name, returnTo ?? clusterAddress(cluster.name)))}
          >
            Sign in with your provider
          </button>
        )}
        <Link
          href={tokenAddress(cluster.name, returnTo)}
          className={cluster.auth_type === 'oidc' ? 'button' : 'button strong'}
        >
          Use a token
        </Link>
      </div>
    </SignInFrame>
  );
}
