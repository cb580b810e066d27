import { expect, test } from 'vitest';
import { ERRANDS_GRACE_MS } from '../constants.ts';
import { createErrands } from './errands.ts';

test('a stop waits for an errand under way', async () => {
  const errands = createErrands({ failure: () => undefined });
  const { promise, resolve } = Promise.withResolvers<void>();
  let done = false;
  errands.run(async () => {
    await promise;
    done = true;
  });
  const closed = errands.close();
  resolve();
  await closed;
  expect(done).toBe(true);
});

test('a stop does not wait for an errand that never ends', async () => {
  const errands = createErrands({ failure: () => undefined });
  errands.run(() => new Promise(() => undefined));
  const start = performance.now();
  await errands.close();
  expect(performance.now() - start).toBeLessThan(ERRANDS_GRACE_MS + 500);
});

test('an errand that fails, at once or later, is written down and ends nothing', async () => {
  const failures: unknown[] = [];
  const errands = createErrands({ failure: (error) => void failures.push(error) });
  errands.run(() => Promise.reject(new Error('later')));
  errands.run(() => {
    throw new Error('at once');
  });
  await errands.close();
  expect(failures.map(String).toSorted()).toEqual(['Error: at once', 'Error: later']);
});
