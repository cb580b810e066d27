/** Owns how figures are printed for people. */
import type { LoginFigures } from './login.ts';
import type { Spread } from './statistics.ts';

export interface WorldFigure {
  readonly what: string;
  readonly ms: Spread;
  readonly timesBare: number;
}

export function worldLines(figures: readonly WorldFigure[]): readonly string[] {
  return figures.map(({ what, ms, timesBare }) => {
    const [least, middle, most] = [ms.least, ms.median, ms.most].map((value) => (value / 1_000).toFixed(2));
    return `${what.padEnd(9)} ${middle} s (${least}–${most})  ${timesBare.toFixed(2)} × bare etcd + kube-apiserver`;
  });
}

export function loginLines({ sessions, signIn, readyAfterMs }: LoginFigures): readonly string[] {
  const starts = Object.entries(readyAfterMs).map(
    ([what, ms]) =>
      `start to ready, from ${what}: ${ms.median.toFixed(0)} ms (${ms.least.toFixed(0)}–${ms.most.toFixed(0)})`,
  );
  const stores = sessions.map(
    ({
      store,
      bySessionMicros,
      byHeaderMicros,
      lookUpMicros,
      liveSessions,
      heapBytesPerSession,
      residentBytesPerSession,
    }) =>
      `${store}: look-up ${lookUpMicros.toFixed(0)} µs CPU (proxied request by session ${bySessionMicros.toFixed(0)}, by header ${byHeaderMicros.toFixed(0)}: ` +
      `${(bySessionMicros / byHeaderMicros).toFixed(2)} ×); ${liveSessions} live sessions: heap ${heapBytesPerSession.toFixed(0)} B, resident ${residentBytesPerSession.toFixed(0)} B each`,
  );
  const { signIns, startMs, callbackMs } = signIn;
  return [
    ...starts,
    ...stores,
    `sign-in with Dex (${signIns}): start ${startMs.toFixed(1)} ms CPU, callback ${callbackMs.toFixed(1)} ms CPU`,
  ];
}
