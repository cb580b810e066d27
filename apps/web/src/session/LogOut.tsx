/** The way out: ends the session on the server, then leaves. */
import type { LogoutResponse } from '@lamplighter/server/wire';
import { type ReactElement, useState } from 'react';
import { ask } from '../api/ask.ts';
import { at, text } from '../api/json.ts';
import { Refused } from '../api/refused.ts';
import { useEdges } from '../edges.tsx';
import { stayHere } from '../sign-in/auto-login.ts';
import type { Leaving } from './use-leaving.ts';

interface Props {
  readonly cluster: string;
  readonly leaving: Leaving;
}

export function LogOut({ cluster, leaving }: Props): ReactElement {
  const { fetch, openDocument, tabMemory } = useEdges();
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);

  async function logOut(): Promise<void> {
    leaving.begin();
    setBusy(true);
    setProblem(null);
    try {
      const { body } = await ask({ fetch, path: `/clusters/${encodeURIComponent(cluster)}/logout`, post: {} });
      // The provider's sign-out leads back to our start page: whoever went must not be signed in again there.
      stayHere(tabMemory, cluster);
      const redirect = readRedirect(text(at(body, 'redirect' satisfies keyof LogoutResponse)));
      if (redirect === null) leaving.finish('signed_out');
      else openDocument(redirect);
    } catch (error) {
      if (error instanceof Refused && error.status === 401) return leaving.finish('signed_out');
      leaving.stay();
      setBusy(false);
      setProblem(error instanceof Refused ? error.message : 'Something went wrong.');
    }
  }

  return (
    <div className="log-out">
      <button type="button" className="button quiet" disabled={busy} onClick={() => void logOut()}>
        Log out
      </button>
      {problem !== null && (
        <p role="alert" className="notice bad">
          You are still signed in. {problem}
        </p>
      )}
    </div>
  );
}

/** One segment, then whatever: nothing a browser reads as another host or as a script. */
const OWN_PATH = /^\/[\w.~-]+(?:[/?][\x21-\x5b\x5d-\x7e]*)?$/;

/** Only a path of our own server may follow a sign-out: a `javascript:` address would run with this page's rights. */
function readRedirect(path: string | undefined): string | null {
  return path !== undefined && OWN_PATH.test(path) ? path : null;
}
