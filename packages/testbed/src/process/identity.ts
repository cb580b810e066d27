/** Owns the question "is this still the process I started?": a pid alone may have been given to somebody else. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { systemCode } from './errors.ts';

/** A pid with the moment its process began, in whatever unit the system counts; two equal pairs are the same process. */
export interface ProcessIdentity {
  readonly pid: number;
  readonly startedAt: string;
}

export const processIdentitySchema: z.ZodType<ProcessIdentity> = z.strictObject({
  pid: z.number().int().positive(),
  startedAt: z.string(),
});

/** The moment process `pid` began, or undefined when there is none (a zombie counts as none). */
function startOf(pid: number): string | undefined {
  if (process.platform === 'linux') {
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
      // The command name stands in parentheses and may hold blanks: count fields from the last one (proc(5): state is field 3, starttime 22).
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      return fields[0] === 'Z' ? undefined : fields[19];
    } catch {
      return undefined;
    }
  }
  try {
    return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim() || undefined;
  } catch {
    return undefined;
  }
}

/** The identity of a running process, or undefined when it has already ended. */
export function identify(pid: number): ProcessIdentity | undefined {
  const startedAt = startOf(pid);
  return startedAt === undefined ? undefined : { pid, startedAt };
}

export function isAlive(identity: ProcessIdentity): boolean {
  return startOf(identity.pid) === identity.startedAt;
}

/** Sends a signal, but only to the very process meant. */
export function signalProcess(identity: ProcessIdentity, signal: NodeJS.Signals): void {
  if (!isAlive(identity)) return;
  try {
    process.kill(identity.pid, signal);
  } catch (thrown) {
    // It ended between the look and the signal.
    if (systemCode(thrown) !== 'ESRCH') throw thrown;
  }
}
