/** The way out: ends the session on the server, then leaves. */
import { type ReactElement, useState } from 'react';
import { ask } from '../api/ask.ts';
import { at, text } from '../api/json.ts';
import { Refused } from '../api/refused.ts';
import { useEdges } from '../edges.tsx';
import type { Leaving } from './use-leaving.ts';

interface Props {
  readonly cluster: string;
  readonly leaving: Leaving;
}

export function LogOut({ cluster, leaving }: Props): ReactElement {
  const { fetch, openDocument } = useEdges();
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);

  async function logOut(): Promise<void> {
    leaving.begin();
    setBusy(true);
    setProblem(null);
    try {
      const { body } = await ask({ fetch, path: `/clusters/${encodeURIComponent(cluster)}/logout`, post: {} });
      const redirect = readRedirect(text(at(body, 'redirect')));
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

/** Only a web page may follow a sign-out: a `javascript:` address would run with this page's rights. */
function readRedirect(url: string | undefined): string | null {
  return url !== undefined && /^(?:https?:\/\/|\/)/i.test(url) ? url : null;
}
