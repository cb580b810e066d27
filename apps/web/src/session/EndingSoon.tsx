/** The warning before a session's end, and the way to go on. */
import type { ReactElement } from 'react';
import { Link } from 'wouter';
import { COUNTDOWN_TICK_MS } from '../constants.ts';
import { StaySignedIn } from './StaySignedIn.tsx';
import { readWarning, type SessionEnds } from './time-left.ts';
import type { Leaving } from './use-leaving.ts';
import { useNow } from './use-now.ts';

interface Props {
  readonly cluster: string;
  readonly ends: SessionEnds;
  readonly signInAddress: string;
  readonly leaving: Leaving;
  /** The session was used: its ends are others now. */
  readonly onUsed: () => Promise<void>;
}

const SENTENCES: Readonly<Record<NonNullable<ReturnType<typeof readWarning>>, string>> = {
  session: 'Your session ends in less than two minutes.',
  token: 'Your token expires in less than two minutes.',
  idle: 'You will be signed out in less than two minutes, because nothing was done for a while.',
};

/** Said once, not every second: a listener hears the warning, not the counting. */
export function EndingSoon({ cluster, ends, signInAddress, leaving, onUsed }: Props): ReactElement | null {
  const warning = readWarning(ends, useNow(COUNTDOWN_TICK_MS));
  if (warning === null) return null;
  return (
    <div role="alert" className="notice warn ending">
      <p>
        {SENTENCES[warning]}
        {warning !== 'idle' && (
          <>
            {' '}
            <Link href={signInAddress}>Sign in again</Link> to go on without a break.
          </>
        )}
      </p>
      {warning === 'idle' && <StaySignedIn cluster={cluster} leaving={leaving} onUsed={onUsed} />}
    </div>
  );
}
