import { expect, it } from 'vitest';
import { runNode } from './child.ts';

const cwd = import.meta.dirname;

it('a child hands its exit code on', async () => {
  const { signal } = new AbortController();
  expect(
    await runNode({ args: ['-e', 'process.exit(Number(process.env.CODE))'], cwd, env: { CODE: '7' }, signal }),
  ).toBe(7);
});

it('an interruption ends a child that would go on for ever, and is what is thrown', async () => {
  const interruption = new AbortController();
  const child = runNode({ args: ['-e', 'setInterval(() => {}, 1000)'], cwd, signal: interruption.signal });
  interruption.abort(new Error('no longer wanted'));
  await expect(child).rejects.toThrow('no longer wanted');
});
