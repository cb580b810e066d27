/** Where a sign-in in a window of its own ends: it tells the other windows and closes, or goes on as a page where there is no other. */
import { type ReactElement, useEffect } from 'react';
import { CLOSE_GRACE_MS } from '../constants.ts';
import { useEdges } from '../edges.tsx';
import { clusterAddress } from '../navigation/address.ts';
import { useGo } from '../navigation/use-place.ts';
import { Waiting } from '../Waiting.tsx';
import { sayWord } from './word-of-sign-in.ts';

export function LandingPage({ cluster }: { cluster: string | null }): ReactElement {
  const { closeWindow, memory } = useEdges();
  const go = useGo();
  useEffect(() => {
    sayWord(memory, cluster);
    closeWindow();
    // A tab that no page opened stays; nothing tells a page which it is.
    const address = cluster === null ? '/' : clusterAddress(cluster);
    const timer = setTimeout(() => go(address, { replace: true }), CLOSE_GRACE_MS);
    return () => clearTimeout(timer);
  }, [memory, cluster, closeWindow, go]);
  return (
    <main>
      <Waiting>You are through. This window closes…</Waiting>
    </main>
  );
}
