/** The first page: the clusters this server offers, or the only one at once. */
import { type ReactElement, useEffect } from 'react';
import { Link } from 'wouter';
import { useConfig } from '../api/config.ts';
import { clusterAddress } from '../navigation/address.ts';
import { usePageHeading } from '../navigation/use-page-heading.ts';
import { useGo } from '../navigation/use-place.ts';
import { SignInFrame } from '../sign-in/SignInFrame.tsx';
import { Trouble } from '../Trouble.tsx';
import { Waiting } from '../Waiting.tsx';

export function ClustersPage(): ReactElement {
  const config = useConfig();
  const clusters = config.data?.clusters;
  const heading = usePageHeading('Clusters');
  const go = useGo();
  const only = clusters?.length === 1 ? clusters[0] : undefined;
  useEffect(() => {
    if (only !== undefined) go(clusterAddress(only.name), { replace: true });
  }, [only, go]);

  if (config.error !== null) {
    return (
      <main>
        <Trouble title="The server cannot be asked." error={config.error} onTryAgain={() => void config.refetch()} />
      </main>
    );
  }
  if (clusters === undefined || only !== undefined) {
    return (
      <main>
        <Waiting>Looking for clusters…</Waiting>
      </main>
    );
  }
  return (
    <SignInFrame>
      <h1 ref={heading} tabIndex={-1}>
        Clusters
      </h1>
      {clusters.length === 0 ? (
        <p>This server offers no cluster: its kubeconfig names none.</p>
      ) : (
        <ul className="choices" aria-label="Clusters">
          {clusters.map(({ name, server }) => (
            <li key={name}>
              <Link href={clusterAddress(name)} className="choice">
                {name}
                <small>{server}</small>
              </Link>
            </li>
          ))}
        </ul>
      )}
    </SignInFrame>
  );
}
