import { describe, expect, it } from 'vitest';
import { readEnding } from './endings.ts';

describe('the sign-in page', () => {
  it('says nothing to somebody who came by themselves', () => {
    expect(readEnding(null)).toBeNull();
  });

  it('confirms a sign-out calmly', () => {
    expect(readEnding('signed_out')).toEqual({ sentence: 'You are signed out.', tone: 'calm' });
  });

  it.each(['session_ended', 'token_ended', 'session_unknown', 'session_expired', 'session_idle', 'token_expired'])(
    'alerts whoever was cut off by %s',
    (why) => {
      expect(readEnding(why)).toMatchObject({ tone: 'alert' });
    },
  );

  it.each(['', 'something_new', 'constructor', '<b>You won</b>'])(
    'has a sentence of its own for the code %j and repeats none of it',
    (why) => {
      expect(readEnding(why)?.sentence).toBe(
        'Your sign-in is no longer accepted. Sign in again to go on where you were.',
      );
    },
  );
});
