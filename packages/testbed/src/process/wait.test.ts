import { describe, expect, it } from 'vitest';
import { waitFor } from './wait.ts';

describe('waiting for a condition', () => {
  it('resolves as soon as the probe says so', async () => {
    let asked = 0;
    await waitFor({ for: 'three asks', timeoutMs: 5_000, probe: async () => ++asked === 3 || `asked ${asked}` });
    expect(asked).toBe(3);
  });

  it('names what was awaited, for how long, what was seen last and the log when time runs out', async () => {
    const wait = waitFor({
      for: 'etcd to open its socket',
      timeoutMs: 60,
      probe: async () => 'no socket',
      logTail: () => 'last words',
    });
    await expect(wait).rejects.toMatchObject({
      code: 'wait-timed-out',
      message: 'Waited 0 s for etcd to open its socket; last seen: no socket.',
      details: 'last words',
    });
  });

  it('takes a probe that throws for "not yet" and shows the cause behind its message', async () => {
    const probe = async (): Promise<true> => {
      throw new Error('fetch failed', { cause: new Error('connect ECONNREFUSED') });
    };
    const wait = waitFor({ for: 'an answer', timeoutMs: 30, probe });
    await expect(wait).rejects.toThrow('fetch failed (connect ECONNREFUSED)');
  });

  it('ends at once, with the reason of the signal, when it is given up', async () => {
    const giveUp = new AbortController();
    const wait = waitFor({ for: 'nothing', timeoutMs: 60_000, probe: async () => 'no', signal: giveUp.signal });
    giveUp.abort(new Error('world given up'));
    await expect(wait).rejects.toThrow('world given up');
  });
});
