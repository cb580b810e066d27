import { describe, expect, it } from 'vitest';
import { readPublicCodes } from '../testing/public-codes.ts';
import { readEnding, SERVER_ENDINGS } from './endings.ts';

describe('the sign-in page', () => {
  it('says nothing to somebody who came by themselves', () => {
    expect(readEnding(null)).toBeNull();
  });

  it('confirms a sign-out calmly', () => {
    expect(readEnding('signed_out')).toEqual({ sentence: 'You are signed out.', tone: 'calm' });
  });

  it.each(['session_ended', 'token_ended', 'session_expired', 'token_expired', 'refresh_refused', 'refresh_mismatch'])(
    'alerts whoever was cut off by %s',
    (why) => {
      expect(readEnding(why)).toMatchObject({ tone: 'alert' });
    },
  );

  it('knows every code of docs/errors.md that ends a session, and no other', () => {
    // 401 also says of a pasted token that the cluster does not take it; nobody had a session then.
    const ending = new Set(
      readPublicCodes()
        .filter(({ status, code }) => status === 401 && code !== 'token_refused')
        .map(({ code }) => code),
    );
    expect([...SERVER_ENDINGS.keys()].toSorted()).toEqual([...ending].toSorted());
  });

  it.each(['', 'something_new', 'constructor', '<b>You won</b>'])(
    'has a sentence of its own for the code %j and repeats none of it',
    (why) => {
      expect(readEnding(why)?.sentence).toBe(
        'Your sign-in is no longer accepted. Sign in again to go on where you were.',
      );
    },
  );
});
