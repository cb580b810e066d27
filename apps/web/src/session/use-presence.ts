/** Whether somebody sits before the page: what it does by itself must not pass for what they do. */
import { useEffect, useRef, useState } from 'react';
import { AWAY_AFTER_MS, AWAY_CHECK_MS } from '../constants.ts';
import { useEdges } from '../edges.tsx';

const SIGNS_OF_LIFE = ['pointermove', 'pointerdown', 'keydown', 'wheel', 'touchstart'] as const;

/** True from `AWAY_AFTER_MS` after the last sign of life until the next. */
export function useIsAway(): boolean {
  const { nowMs } = useEdges();
  const seenMs = useRef(nowMs());
  const [away, setAway] = useState(false);
  useEffect(() => {
    function see(): void {
      seenMs.current = nowMs();
      setAway(false);
    }
    for (const sign of SIGNS_OF_LIFE) addEventListener(sign, see, { passive: true });
    const timer = setInterval(() => setAway(nowMs() - seenMs.current >= AWAY_AFTER_MS), AWAY_CHECK_MS);
    return () => {
      clearInterval(timer);
      for (const sign of SIGNS_OF_LIFE) removeEventListener(sign, see);
    };
  }, [nowMs]);
  return away;
}
