/** How somebody leaves a cluster's pages: once, to the sign-in page, with the reason and the way back. */
import { useMemo, useRef } from 'react';
import { loginAddress } from '../navigation/address.ts';
import { useGo, useHere } from '../navigation/use-place.ts';
import { NOT_SIGNED_IN, type OwnEnding } from './endings.ts';

export interface Leaving {
  /** There was a session. */
  readonly arrived: () => void;
  /** There is no session (any more), for a reason of the server's. Ignored while somebody is logging out: that is the reason then. */
  readonly signedOut: (why: string) => void;
  /** Somebody asked to log out. */
  readonly begin: () => void;
  /** Logging out failed: the session stands. */
  readonly stay: () => void;
  /** Goes to the sign-in page for a reason of the page's own. */
  readonly finish: (why: OwnEnding) => void;
}

export function useLeaving(cluster: string): Leaving {
  const go = useGo();
  const here = useHere();
  const latest = useRef({ go, here });
  latest.current = { go, here };
  const state = useRef<'new' | 'here' | 'asked' | 'gone'>('new');
  return useMemo(() => {
    function leave(why: string, returnTo: string | null): void {
      if (state.current === 'gone') return;
      state.current = 'gone';
      latest.current.go(loginAddress(cluster, { returnTo, why }), { replace: true });
    }
    return {
      arrived: () => {
        if (state.current === 'new') state.current = 'here';
      },
      signedOut: (why) => {
        // Another tab logged out, and with it went the cookie: whoever was here was cut off, and did not merely come without a session.
        const said = why === NOT_SIGNED_IN && state.current === 'here' ? 'session_ended' : why;
        if (state.current !== 'asked') leave(said, latest.current.here);
      },
      begin: () => {
        state.current = 'asked';
      },
      stay: () => {
        state.current = 'here';
      },
      // Whoever logged out starts afresh; whoever was cut off goes on where they were.
      finish: (why) => leave(why, why === 'signed_out' ? null : latest.current.here),
    };
  }, [cluster]);
}
