/** A countdown to one end of a session, which says when the end has come. */
import { type ReactElement, useEffect, useEffectEvent } from 'react';
import { COUNTDOWN_TICK_MS } from '../constants.ts';
import { readCountdown, timeLeftInWords } from './time-left.ts';
import { useNow } from './use-now.ts';

interface Props {
  /** In milliseconds since 1970, by the browser's clock. */
  readonly atMs: number;
  readonly label: string;
  readonly onEnded: () => void;
}

export function TimeLeft({ atMs, label, onEnded }: Props): ReactElement {
  const leftMs = atMs - useNow(COUNTDOWN_TICK_MS);
  const state = readCountdown(leftMs);
  // Once an end, however often the page around it is drawn anew.
  const end = useEffectEvent(onEnded);
  useEffect(() => {
    if (state === 'ended') end();
  }, [state]);
  return (
    <time role="timer" aria-live="off" aria-label={label} className={`time-left ${state}`}>
      {timeLeftInWords(leftMs)}
    </time>
  );
}
