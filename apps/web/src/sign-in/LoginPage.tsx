/** Chooses how to sign in to a cluster. */
import type { ClusterSummary, SignInOptions } from '@lamplighter/server/wire';
import { type ReactElement, useCallback } from 'react';
import { Link } from 'wouter';
import { useEdges } from '../edges.tsx';
import { clusterAddress, providerAddress, tokenAddress } from '../navigation/address.ts';
import { usePageHeading } from '../navigation/use-page-heading.ts';
import { useGo } from '../navigation/use-place.ts';
import { readEnding } from '../session/endings.ts';
import { Waiting } from '../Waiting.tsx';
import { NewWindow } from './NewWindow.tsx';
import { SignInFrame } from './SignInFrame.tsx';
import { useAutoLogin } from './use-auto-login.ts';

interface Props {
  readonly cluster: ClusterSummary;
  readonly signIn: SignInOptions;
  /** The page somebody wanted, or null. */
  readonly returnTo: string | null;
  /** Why they are here, as a code, or null. */
  readonly why: string | null;
}

export function LoginPage({ cluster, signIn, returnTo, why }: Props): ReactElement {
  const { basePath, openDocument } = useEdges();
  const go = useGo();
  const heading = usePageHeading(`Sign in to ${cluster.name}`);
  const wanted = returnTo ?? clusterAddress(cluster.name);
  const atProvider = basePath + providerAddress(cluster.name, wanted);
  const leaves = useAutoLogin({ cluster, signIn, why }, atProvider);
  const goOn = useCallback(() => go(wanted), [go, wanted]);
  const ending = readEnding(why);
  const hasProvider = cluster.auth_type === 'oidc';
  return (
    <SignInFrame>
      <h1 ref={heading} tabIndex={-1}>
        Sign in <span className="to">to {cluster.name}</span>
      </h1>
      {leaves ? (
        <Waiting>Taking you to your provider…</Waiting>
      ) : (
        <>
          {ending !== null && (
            <p
              role={ending.tone === 'alert' ? 'alert' : 'status'}
              className={ending.tone === 'alert' ? 'notice warn' : 'soft'}
            >
              {ending.sentence}
            </p>
          )}
          <div className="stack">
            {hasProvider && (
              <button type="button" className="button strong" onClick={() => openDocument(atProvider)}>
                Sign in with your provider
              </button>
            )}
            {!(hasProvider && signIn.hideTokenLogin) && (
              <Link href={tokenAddress(cluster.name, returnTo)} className={hasProvider ? 'button' : 'button strong'}>
                Use a token
              </Link>
            )}
          </div>
          {hasProvider && (
            <NewWindow cluster={cluster.name} onBlocked={() => openDocument(atProvider)} onSignedIn={goOn} />
          )}
        </>
      )}
    </SignInFrame>
  );
}
