/** Why somebody stands before the sign-in page again, in sentences. */

/** The page's own endings; every other code is a reason of the server's. */
export type OwnEnding = 'signed_out' | 'session_ended' | 'token_ended';

/** The server's code for a browser that brings no session at all. */
export const NOT_SIGNED_IN = 'not_signed_in';

export interface Ending {
  readonly sentence: string;
  /** Whether something went against the person's wish. */
  readonly tone: 'calm' | 'alert';
}

const OWN_ENDINGS: Readonly<Record<OwnEnding, Ending>> = {
  signed_out: { sentence: 'You are signed out.', tone: 'calm' },
  session_ended: { sentence: 'Your session has ended. Sign in again to go on where you were.', tone: 'alert' },
  token_ended: { sentence: 'Your token has expired. Sign in again to go on where you were.', tone: 'alert' },
};

/** The server's codes for a session that is not there (docs/errors.md). One it adds later falls back to `UNKNOWN_ENDING`. */
export const SERVER_ENDINGS: ReadonlyMap<string, Ending> = new Map([
  [NOT_SIGNED_IN, { sentence: 'Sign in to see this cluster.', tone: 'calm' }],
  ['session_expired', OWN_ENDINGS.session_ended],
  ['token_expired', OWN_ENDINGS.token_ended],
  [
    'refresh_refused',
    {
      sentence: 'Your provider does not renew your session any more. Sign in again to go on where you were.',
      tone: 'alert',
    },
  ],
  [
    'refresh_mismatch',
    {
      sentence:
        'Your provider answered for somebody else, or with what this server cannot accept. Your session has ended.',
      tone: 'alert',
    },
  ],
]);

const UNKNOWN_ENDING: Ending = {
  sentence: 'Your sign-in is no longer accepted. Sign in again to go on where you were.',
  tone: 'alert',
};

/** @param why - the code in the address, or null when nobody was sent here. The text itself never comes from the address. */
export function readEnding(why: string | null): Ending | null {
  if (why === null) return null;
  return Object.entries(OWN_ENDINGS).find(([code]) => code === why)?.[1] ?? SERVER_ENDINGS.get(why) ?? UNKNOWN_ENDING;
}
