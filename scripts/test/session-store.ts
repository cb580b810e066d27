/** Owns that the tests of shared sessions meet a real Redis or Valkey server: the variable that names one to them. */
import { obtainRedis, TestbedError } from '@lamplighter/testbed';
import type { Progress } from '../cli/progress.ts';

/** Empty where there is none and none can be had, which is said; the tests that need one then say so themselves. */
export async function obtainSessionStore(progress: Progress, signal: AbortSignal): Promise<Record<string, string>> {
  let begun = '';
  const tell = (how: string): void => {
    begun = how;
    progress.begin(how);
  };
  try {
    const path = await obtainRedis(process.env, tell, signal);
    if (begun !== '') progress.done(begun);
    progress.note(`session store ${path}`);
    return { LAMPLIGHTER_REDIS: path };
  } catch (thrown) {
    // A named server that is none is a mistake to correct; a machine that can't have one still runs all the other tests.
    if (!(thrown instanceof TestbedError) || thrown.code !== 'part-unavailable') throw thrown;
    progress.gaveUp(begun, `${thrown.message} (${thrown.details.split('\n')[0]})`);
    return {};
  }
}
