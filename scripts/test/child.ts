/** Owns running somebody else's runner (Vitest, Playwright) as a child: it writes to our terminal and never outlives us. */
import { spawn } from 'node:child_process';
import { tiedToOurLife } from '@lamplighter/testbed';

export interface ChildPlan {
  /** The program's file and its arguments, run by the Node that runs us. */
  readonly args: readonly string[];
  readonly cwd: string;
  /** Added to our own environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** Ends it. */
  readonly signal: AbortSignal;
}

/**
 * Resolves to its exit code, null when something else than the signal killed it.
 *
 * @throws The signal's reason, once the child is gone.
 */
export function runNode({ args, cwd, env, signal }: ChildPlan): Promise<number | null> {
  signal.throwIfAborted();
  const [command, commandArgs] = tiedToOurLife(process.execPath, args);
  const child = spawn(command, commandArgs, {
    cwd,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'inherit', 'inherit'],
    signal,
  });
  return new Promise((resolve, reject) => {
    // An abortion is told here too, before the child has ended.
    child.once('error', (cause) => signal.aborted || reject(cause));
    child.once('exit', (code) => (signal.aborted ? reject(signal.reason) : resolve(code)));
  });
}
