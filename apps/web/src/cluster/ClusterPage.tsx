/** A cluster as one person may see it. */
import type { ClusterSummary } from '@lamplighter/server/wire';
import type { ReactElement } from 'react';
import { Link } from 'wouter';
import { clusterAddress, loginAddress } from '../navigation/address.ts';
import { usePageHeading } from '../navigation/use-page-heading.ts';
import { useGo, useHere } from '../navigation/use-place.ts';
import { LogOut } from '../session/LogOut.tsx';
import type { SignedInView } from '../session/SignedIn.tsx';
import { EndingSoon } from '../session/TimeLeft.tsx';
import { WhoYouAre } from '../session/WhoYouAre.tsx';
import { ClusterLists } from './ClusterLists.tsx';
import { readScope } from './scope.ts';

interface Props extends SignedInView {
  readonly cluster: ClusterSummary;
  /** The namespace as the address writes it, or null. */
  readonly namespace: string | null;
}

export function ClusterPage({ cluster, namespace, session, person, leaving }: Props): ReactElement {
  const heading = usePageHeading(cluster.name);
  const here = useHere();
  const go = useGo();
  const scope = readScope(namespace);
  return (
    <>
      <header className="masthead">
        <div className="wide">
          <Link href="/" className="brand">
            <img src="/lamp.svg" alt="" width="32" height="32" />
            Lamplighter
          </Link>
          <h1 ref={heading} tabIndex={-1}>
            <span className="hidden">Cluster </span>
            {cluster.name}
          </h1>
          <LogOut cluster={cluster.name} leaving={leaving} />
        </div>
      </header>
      <WhoYouAre
        person={person}
        session={session}
        onEnded={() => leaving.finish(session.end.limit === 'token' ? 'token_ended' : 'session_ended')}
      />
      <main className="wide">
        <EndingSoon end={session.end} signInAddress={loginAddress(cluster.name, { returnTo: here })} />
        {scope.scope === 'impossible' ? (
          <div role="alert" className="notice bad">
            <p>
              There can be no namespace called “{scope.written}”.{' '}
              <Link href={clusterAddress(cluster.name)}>Start again</Link>
            </p>
          </div>
        ) : (
          <ClusterLists
            cluster={cluster}
            person={person}
            namespace={scope.scope === 'one' ? scope.namespace : null}
            onChoose={(name) => go(clusterAddress(cluster.name, name))}
          />
        )}
      </main>
    </>
  );
}
