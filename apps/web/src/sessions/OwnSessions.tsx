/** The list of one's own sessions with the ways to end them, and what went wrong with that. */
import { type ReactElement, useState } from 'react';
import { endsSession, Refused } from '../api/refused.ts';
import { useEdges } from '../edges.tsx';
import type { Leaving } from '../session/use-leaving.ts';
import { Trouble } from '../Trouble.tsx';
import { Waiting } from '../Waiting.tsx';
import { ConfirmButton } from './ConfirmButton.tsx';
import { SessionsTable } from './SessionsTable.tsx';
import { endOtherSessions, endSession, useOwnSessions } from './use-own-sessions.ts';

interface Props {
  readonly cluster: string;
  readonly leaving: Leaving;
}

export function OwnSessions({ cluster, leaving }: Props): ReactElement {
  const { fetch } = useEdges();
  const sessions = useOwnSessions(cluster);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);

  async function end(request: () => Promise<unknown>): Promise<void> {
    setBusy(true);
    setProblem(null);
    try {
      await request();
    } catch (error) {
      if (endsSession(error)) return leaving.signedOut(error.reason);
      // One that is not there any more has ended, whoever ended it.
      if (!(error instanceof Refused && error.status === 404)) setProblem(readProblem(error));
    }
    await sessions.refetch();
    setBusy(false);
  }

  if (sessions.data === undefined) {
    return sessions.error === null ? (
      <Waiting>Looking for your sessions…</Waiting>
    ) : (
      <Trouble
        title="Your sessions cannot be listed."
        error={sessions.error}
        onTryAgain={() => void sessions.refetch()}
      />
    );
  }
  const others = sessions.data.filter(({ current }) => !current);
  return (
    <section className="kind" aria-labelledby="sessions-heading">
      <header>
        <h2 id="sessions-heading">Where you are signed in</h2>
        {others.length > 0 && (
          <ConfirmButton
            label="End all others"
            question="Really end all others?"
            disabled={busy}
            onConfirm={() => void end(() => endOtherSessions(fetch, cluster))}
          />
        )}
      </header>
      {problem !== null && (
        <p role="alert" className="notice bad">
          Nothing was ended. {problem}
        </p>
      )}
      {sessions.error !== null && (
        <p className="fine stale">This list is not fresh, the last refresh failed: {sessions.error.message}</p>
      )}
      <SessionsTable
        sessions={sessions.data}
        labelledBy="sessions-heading"
        busy={busy}
        onEnd={({ handle }) => void end(() => endSession(fetch, cluster, handle))}
      />
      <p className="fine">
        {others.length === 0
          ? 'You are signed in nowhere else. “Log out” ends this session.'
          : 'A session you do not know? End it, and change your password with your provider. “Log out” ends the one of this browser.'}
      </p>
    </section>
  );
}

function readProblem(error: unknown): string {
  return error instanceof Refused ? error.message : 'Something went wrong.';
}
