/** From an address to a page; the only place that decides what is shown. */
import type { ClusterSummary } from '@lamplighter/server/wire';
import { QueryClientProvider } from '@tanstack/react-query';
import { type ReactElement, type ReactNode, useState } from 'react';
import { Link } from 'wouter';
import { useClusters } from './api/config.ts';
import { createQueryClient } from './api/query-client.ts';
import { ClusterPage } from './cluster/ClusterPage.tsx';
import { ClustersPage } from './clusters/ClustersPage.tsx';
import { usePageHeading } from './navigation/use-page-heading.ts';
import { usePlace } from './navigation/use-place.ts';
import { SignedIn } from './session/SignedIn.tsx';
import { LoginPage } from './sign-in/LoginPage.tsx';
import { SignInFrame } from './sign-in/SignInFrame.tsx';
import { TokenPage } from './sign-in/TokenPage.tsx';
import { Trouble } from './Trouble.tsx';
import { Waiting } from './Waiting.tsx';

export function App(): ReactElement {
  // Holds only what is public (`/config`), so nothing here ends with a session.
  const [client] = useState(() => createQueryClient(() => undefined));
  return (
    <QueryClientProvider client={client}>
      <Page />
    </QueryClientProvider>
  );
}

function Page(): ReactElement {
  const place = usePlace();
  switch (place.page) {
    case 'clusters':
      return <ClustersPage />;
    case 'login':
      return (
        <KnownCluster name={place.cluster}>
          {(cluster) => <LoginPage cluster={cluster} returnTo={place.returnTo} why={place.why} />}
        </KnownCluster>
      );
    case 'token':
      return (
        <KnownCluster name={place.cluster}>
          {(cluster) => <TokenPage cluster={cluster} returnTo={place.returnTo} />}
        </KnownCluster>
      );
    case 'cluster':
      return (
        <KnownCluster name={place.cluster}>
          {(cluster) => (
            <SignedIn key={cluster.name} cluster={cluster.name}>
              {(view) => <ClusterPage cluster={cluster} namespace={place.namespace} {...view} />}
            </SignedIn>
          )}
        </KnownCluster>
      );
    case 'unknown':
      return <Nowhere sentence="There is no page at this address." />;
  }
}

/** Shows a cluster's page only for a name the server knows: any other is never put into a request. */
function KnownCluster(props: { name: string; children: (cluster: ClusterSummary) => ReactNode }): ReactElement {
  const clusters = useClusters();
  if (clusters.error !== null) {
    const tryAgain = (): void => void clusters.refetch();
    return (
      <main>
        <Trouble title="The server cannot be asked." error={clusters.error} onTryAgain={tryAgain} />
      </main>
    );
  }
  if (clusters.data === undefined) {
    return (
      <main>
        <Waiting>Looking for the cluster…</Waiting>
      </main>
    );
  }
  const cluster = clusters.data.find(({ name }) => name === props.name);
  if (cluster === undefined) return <Nowhere sentence={`This server knows no cluster called “${props.name}”.`} />;
  return <>{props.children(cluster)}</>;
}

function Nowhere({ sentence }: { sentence: string }): ReactElement {
  const heading = usePageHeading('Nothing here');
  return (
    <SignInFrame>
      <h1 ref={heading} tabIndex={-1}>
        Nothing here
      </h1>
      <p>{sentence}</p>
      <Link href="/">To the clusters</Link>
    </SignInFrame>
  );
}
