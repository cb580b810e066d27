/** A cluster as one person may see it. */
import type { ClusterSummary } from '@lamplighter/server/wire';
import type { ReactElement } from 'react';
import { Link } from 'wouter';
import { LIST_REFRESH_MS } from '../constants.ts';
import { clusterAddress } from '../navigation/address.ts';
import { usePageHeading } from '../navigation/use-page-heading.ts';
import { useGo } from '../navigation/use-place.ts';
import type { SignedInView } from '../session/SignedIn.tsx';
import { SignedInFrame } from '../session/SignedInFrame.tsx';
import { useIsAway } from '../session/use-presence.ts';
import { ClusterLists } from './ClusterLists.tsx';
import { readScope } from './scope.ts';

interface Props {
  readonly cluster: ClusterSummary;
  /** The namespace as the address writes it, or null. */
  readonly namespace: string | null;
  readonly view: SignedInView;
}

export function ClusterPage({ cluster, namespace, view }: Props): ReactElement {
  const heading = usePageHeading(cluster.name);
  const go = useGo();
  const isAway = useIsAway();
  const scope = readScope(namespace);
  // A page that asks for lists in front of an empty chair would keep a session used for ever.
  const refreshMs = isAway && view.session.ends.idleAtMs !== null ? false : LIST_REFRESH_MS;
  return (
    <SignedInFrame
      {...view}
      cluster={cluster.name}
      page="cluster"
      heading={
        <h1 ref={heading} tabIndex={-1}>
          <span className="hidden">Cluster </span>
          {cluster.name}
        </h1>
      }
    >
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
          person={view.person}
          namespace={scope.scope === 'one' ? scope.namespace : null}
          refreshMs={refreshMs}
          onChoose={(name) => go(clusterAddress(cluster.name, name))}
        />
      )}
    </SignedInFrame>
  );
}
