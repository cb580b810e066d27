/** Signs in beside this page instead of leaving it: opens the window, and goes on when the server confirms what is heard from it. */
import { type ReactElement, useEffect, useState } from 'react';
import { ask } from '../api/ask.ts';
import { useEdges } from '../edges.tsx';
import { providerAddress } from '../navigation/address.ts';
import { listenForWord } from './word-of-sign-in.ts';

interface Props {
  readonly cluster: string;
  /** The whole sign-in in this window, for a browser that opens no other. */
  readonly onBlocked: () => void;
  readonly onSignedIn: () => void;
}

export function NewWindow({ cluster, onBlocked, onSignedIn }: Props): ReactElement {
  const { basePath, fetch, openWindow } = useEdges();
  const [waiting, setWaiting] = useState(false);

  useEffect(() => {
    if (!waiting) return;
    const path = `/clusters/${encodeURIComponent(cluster)}/session`;
    // Without a session the word was false, or came too early: the window is waited for as before.
    return listenForWord(cluster, () => void ask({ fetch, path }).then(onSignedIn, () => undefined));
  }, [waiting, cluster, fetch, onSignedIn]);

  function open(): void {
    setWaiting(true);
    if (!openWindow(basePath + providerAddress(cluster, null))) onBlocked();
  }

  return (
    <div className="new-window">
      <button type="button" className="link" onClick={open}>
        Sign in in a new window
      </button>
      <p aria-live="polite" className="fine">
        {waiting && 'Finish the sign-in in the other window. This page goes on by itself.'}
      </p>
    </div>
  );
}
