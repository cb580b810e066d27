/** From an address to a page; the only place that decides what is shown. */
import type { ClusterSummary, SignInOptions } from '@lamplighter/server/wire';
import { QueryClientProvider } from '@tanstack/react-query';
import { type ReactElement, type ReactNode, useState } from 'react';
import { Link, Router } from 'wouter';
import { useConfig } from './api/config.ts';
import { createQueryClient } from './api/query-client.ts';
import { ClusterPage } from './cluster/ClusterPage.tsx';
import { ClustersPage } from './clusters/ClustersPage.tsx';
import { useEdges } from './edges.tsx';
import { usePageHeading } from './navigation/use-page-heading.ts';
import { usePlace } from './navigation/use-place.ts';
import { SignedIn, type SignedInView } from './session/SignedIn.tsx';
import { SessionsPage } from './sessions/SessionsPage.tsx';
import { LandingPage } from './sign-in/LandingPage.tsx';
import { LoginPage } from './sign-in/LoginPage.tsx';
import { SignInFrame } from './sign-in/SignInFrame.tsx';
import { TokenPage } from './sign-in/TokenPage.tsx';
import { Trouble } from './Trouble.tsx';
import { Waiting } from './Waiting.tsx';

export function App(): ReactElement {
  const { basePath } = useEdges();
  // Holds only what is public (`/config`), so nothing here ends with a session.
  const [client] = useState(() => createQueryClient(() => undefined));
  return (
    <QueryClientProvider client={client}>
      <Router base={basePath}>
        <Page />
      </Router>
    </QueryClientProvider>
  );
}

function Page(): ReactElement {
  const place = usePlace();
  switch (place.page) {
    case 'clusters':
      return <ClustersPage />;
    case 'landing':
      return <LandingPage cluster={place.cluster} />;
    case 'login':
      return (
        <KnownCluster name={place.cluster}>
          {(cluster, signIn) => (
            <LoginPage key={cluster.name} cluster={cluster} signIn={signIn} returnTo={place.returnTo} why={place.why} />
          )}
        </KnownCluster>
      );
    case 'token':
      return (
        <KnownCluster name={place.cluster}>
          {(cluster, signIn) => <TokenPage cluster={cluster} signIn={signIn} returnTo={place.returnTo} />}
        </KnownCluster>
      );
    case 'sessions':
      return (
        <ClusterOfPerson name={place.cluster}>
          {(cluster, view) => <SessionsPage cluster={cluster.name} view={view} />}
        </ClusterOfPerson>
      );
    case 'cluster':
      return (
        <ClusterOfPerson name={place.cluster}>
          {(cluster, view) => <ClusterPage cluster={cluster} namespace={place.namespace} view={view} />}
        </ClusterOfPerson>
      );
    case 'unknown':
      return <Nowhere sentence="There is no page at this address." />;
  }
}

/** One gate for all pages of a cluster: going from one to the other asks for nothing again. */
function ClusterOfPerson(props: {
  name: string;
  children: (cluster: ClusterSummary, view: SignedInView) => ReactNode;
}): ReactElement {
  return (
    <KnownCluster name={props.name}>
      {(cluster) => (
        <SignedIn key={cluster.name} cluster={cluster.name}>
          {(view) => props.children(cluster, view)}
        </SignedIn>
      )}
    </KnownCluster>
  );
}

/** Shows a cluster's page only for a name the server knows: any other is never put into a request. */
function KnownCluster(props: {
  name: string;
  children: (cluster: ClusterSummary, signIn: SignInOptions) => ReactNode;
}): ReactElement {
  const config = useConfig();
  if (config.error !== null) {
    const tryAgain = (): void => void config.refetch();
    return (
      <main>
        <Trouble title="The server cannot be asked." error={config.error} onTryAgain={tryAgain} />
      </main>
    );
  }
  if (config.data === undefined) {
    return (
      <main>
        <Waiting>Looking for the cluster…</Waiting>
      </main>
    );
  }
  const cluster = config.data.clusters.find(({ name }) => name === props.name);
  if (cluster === undefined) return <Nowhere sentence={`This server knows no cluster called “${props.name}”.`} />;
  return <>{props.children(cluster, config.data.lamplighter)}</>;
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
