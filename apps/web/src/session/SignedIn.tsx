/** The gate before a cluster's pages: shows them only while there is a session, and leaves when it ends. */
import { QueryClientProvider } from '@tanstack/react-query';
import { type ReactElement, type ReactNode, useEffect, useState } from 'react';
import { createQueryClient } from '../api/query-client.ts';
import { useEdges } from '../edges.tsx';
import { forgetStay } from '../sign-in/auto-login.ts';
import { Trouble } from '../Trouble.tsx';
import { Waiting } from '../Waiting.tsx';
import type { Person } from './person.ts';
import { type Leaving, useLeaving } from './use-leaving.ts';
import { type SessionView, usePerson, useSession } from './use-session.ts';

export interface SignedInView {
  readonly session: SessionView;
  readonly person: Person;
  readonly leaving: Leaving;
  /** Asks the server again how long the session lasts. */
  readonly askAgain: () => Promise<void>;
}

interface Props {
  readonly cluster: string;
  readonly children: (view: SignedInView) => ReactNode;
}

/** Answers live as long as this gate stands, so the next person to sign in never sees the last one's lists. */
export function SignedIn({ cluster, children }: Props): ReactElement {
  const leaving = useLeaving(cluster);
  const [client] = useState(() => createQueryClient((refusal) => leaving.signedOut(refusal.reason)));
  return (
    <QueryClientProvider client={client}>
      <Gate cluster={cluster} leaving={leaving}>
        {children}
      </Gate>
    </QueryClientProvider>
  );
}

function Gate({ cluster, leaving, children }: Props & { leaving: Leaving }): ReactElement {
  const { tabMemory } = useEdges();
  const session = useSession(cluster);
  const person = usePerson(cluster);
  const isSignedIn = session.data !== undefined;
  useEffect(() => {
    if (!isSignedIn) return;
    leaving.arrived();
    forgetStay(tabMemory, cluster);
  }, [isSignedIn, leaving, tabMemory, cluster]);
  if (session.data !== undefined && person.data !== undefined) {
    const askAgain = async (): Promise<void> => void (await session.refetch());
    return <>{children({ session: session.data, person: person.data, leaving, askAgain })}</>;
  }
  const error = session.error ?? person.error;
  return (
    <main>
      {error === null ? (
        <Waiting>Looking up who you are…</Waiting>
      ) : (
        <Trouble
          error={error}
          title="Your session could not be looked up."
          onTryAgain={() => void Promise.all([session.refetch(), person.refetch()])}
        />
      )}
    </main>
  );
}
