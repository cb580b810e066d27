/** Uses the session once, so that it does not end unused: a question to the cluster, because asking about the session is no use of it. */
import { type ReactElement, useState } from 'react';
import { ask } from '../api/ask.ts';
import { endsSession, Refused } from '../api/refused.ts';
import { useEdges } from '../edges.tsx';
import type { Leaving } from './use-leaving.ts';

interface Props {
  readonly cluster: string;
  readonly leaving: Leaving;
  /** Its ends are others now. */
  readonly onUsed: () => Promise<void>;
}

export function StaySignedIn({ cluster, leaving, onUsed }: Props): ReactElement {
  const { fetch } = useEdges();
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);

  async function stay(): Promise<void> {
    setBusy(true);
    setProblem(null);
    try {
      await ask({ fetch, path: `/clusters/${encodeURIComponent(cluster)}/version` });
    } catch (error) {
      if (endsSession(error)) return leaving.signedOut(error.reason);
      // The cluster's own refusal is an answer, and the session was used to get it.
      if (!(error instanceof Refused) || error.status === 0 || error.isOurs) setProblem(readProblem(error));
    }
    await onUsed();
    setBusy(false);
  }

  return (
    <>
      <button type="button" className="button quiet" disabled={busy} onClick={() => void stay()}>
        Stay signed in
      </button>
      {problem !== null && <p className="fine">{problem}</p>}
    </>
  );
}

function readProblem(error: unknown): string {
  return error instanceof Refused ? error.message : 'Something went wrong.';
}
