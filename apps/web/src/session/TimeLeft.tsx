/** The countdown to a session's end: it warns, and says when the end has come. */
import { type ReactElement, useEffect } from 'react';
import { Link } from 'wouter';
import { readCountdown, type SessionEnd, timeLeftInWords } from './time-left.ts';
import { useNow } from './use-now.ts';

const EVERY_SECOND_MS = 1_000;

export function TimeLeft({ end, onEnded }: { end: SessionEnd; onEnded: () => void }): ReactElement {
  const leftMs = end.atMs - useNow(EVERY_SECOND_MS);
  const state = readCountdown(leftMs);
  useEffect(() => {
    if (state === 'ended') onEnded();
  }, [state, onEnded]);
  return (
    <time role="timer" aria-live="off" aria-label="Time left" className={`time-left ${state}`}>
      {timeLeftInWords(leftMs)}
    </time>
  );
}

const SOON_SENTENCES: Readonly<Record<SessionEnd['limit'], string>> = {
  session: 'Your session ends in less than two minutes.',
  token: 'Your token expires in less than two minutes.',
};

/** Said once, not every second: a listener hears the warning, not the counting. */
export function EndingSoon({ end, signInAddress }: { end: SessionEnd; signInAddress: string }): ReactElement | null {
  const leftMs = end.atMs - useNow(EVERY_SECOND_MS);
  if (readCountdown(leftMs) !== 'ending-soon') return null;
  return (
    <p role="alert" className="notice warn">
      {SOON_SENTENCES[end.limit]} <Link href={signInAddress}>Sign in again</Link> to go on without a break.
    </p>
  );
}
