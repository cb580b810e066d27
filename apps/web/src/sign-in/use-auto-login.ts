/** Takes people who are not signed in to the provider, where the server says so. */
import type { ClusterSummary, SignInOptions } from '@lamplighter/server/wire';
import { useEffect, useState } from 'react';
import { useEdges } from '../edges.tsx';
import { goesByItself, stayHere } from './auto-login.ts';

/** Whether this page is on its way to `address`; decided once, when it is first shown. */
export function useAutoLogin(
  { cluster, signIn, why }: { cluster: ClusterSummary; signIn: SignInOptions; why: string | null },
  address: string,
): boolean {
  const { openDocument, tabMemory } = useEdges();
  const [leaves, setLeaves] = useState(() => goesByItself(cluster, signIn, why, tabMemory));
  useEffect(() => {
    if (!leaves) return;
    if (stayHere(tabMemory, cluster.name)) openDocument(address);
    else setLeaves(false);
  }, [leaves, tabMemory, cluster.name, openDocument, address]);
  // The way back from the provider may lead to this very page as it was left, which would then wait for ever.
  useEffect(() => {
    function onShown({ persisted }: PageTransitionEvent): void {
      if (persisted) setLeaves(false);
    }
    addEventListener('pageshow', onShown);
    return () => removeEventListener('pageshow', onShown);
  }, []);
  return leaves;
}
