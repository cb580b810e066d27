/** The passing of time, for what is drawn on the page. */
import { useEffect, useState } from 'react';
import { useEdges } from '../edges.tsx';

/** The browser's clock in milliseconds since 1970, looked at again every `everyMs` milliseconds. */
export function useNow(everyMs: number): number {
  const { nowMs } = useEdges();
  const [now, setNow] = useState(nowMs);
  useEffect(() => {
    const timer = setInterval(() => setNow(nowMs()), everyMs);
    return () => clearInterval(timer);
  }, [nowMs, everyMs]);
  return now;
}
