/** Owns child processes: how one is started so that it never outlives us, where its output goes, and how it ends. */
import { spawn } from 'node:child_process';
import { closeSync, existsSync, fstatSync, openSync } from 'node:fs';
import { STOP_GRACE_MS } from '../constants.ts';
import { TestbedError } from './errors.ts';
import { identify, type ProcessIdentity } from './identity.ts';
import { logTail } from './logs.ts';

export interface ProcessPlan {
  /** The part's name, used in every message about it. */
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd: string;
  /** Added to our own environment; `undefined` takes a variable away. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Both output streams are appended here by the system itself, so that nothing is lost when we die. */
  readonly logFile: string;
  /** How it is asked to end. SIGKILL for a part whose data is thrown away with it. */
  readonly stopSignal?: 'SIGTERM' | 'SIGKILL';
}

export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** A process that has ended; all that is left of it is how. */
export interface StoppedProcess {
  readonly state: 'stopped';
  readonly name: string;
  readonly exit: Exit;
}

/** A running process. Disposing stops it. */
export interface StartedProcess extends AsyncDisposable {
  readonly state: 'started';
  readonly name: string;
  readonly pid: number;
  /** Undefined when it had ended before it could be looked at. */
  readonly identity: ProcessIdentity | undefined;
  /** Resolves when it ends, for whatever reason. Never rejects. */
  readonly exited: Promise<Exit>;
  /** Resolves when it ends though nobody asked it to; otherwise never. */
  readonly endedUnasked: Promise<Exit>;
  /** The last lines of its log. */
  logTail(): string;
  stop(): Promise<StoppedProcess>;
}

const SETPRIV = '/usr/bin/setpriv';

/**
 * The command line that makes the kernel kill the child when this process dies, however it dies (kill -9 included; prctl(2)
 * PR_SET_PDEATHSIG). Where util-linux is missing, the next start's sweep cleans up instead.
 */
export function tiedToOurLife(command: string, args: readonly string[]): [string, string[]] {
  if (process.platform !== 'linux' || !existsSync(SETPRIV)) return [command, [...args]];
  return [SETPRIV, ['--pdeathsig', 'KILL', '--', command, ...args]];
}

/**
 * Starts a process in a session of its own: a Ctrl-C in the terminal reaches us alone, and we end the parts.
 *
 * @throws TestbedError `part-unavailable` when the command can't be run at all.
 */
export async function startProcess(plan: ProcessPlan): Promise<StartedProcess> {
  const log = openSync(plan.logFile, 'a', 0o600);
  const logBegins = fstatSync(log).size;
  const [command, args] = tiedToOurLife(plan.command, plan.args);
  const child = spawn(command, args, {
    cwd: plan.cwd,
    env: { ...process.env, ...plan.env },
    stdio: ['ignore', log, log],
    detached: true,
  });
  const exited = new Promise<Exit>((resolve) => child.once('exit', (code, signal) => resolve({ code, signal })));
  try {
    await new Promise<void>((resolve, reject) => {
      child.once('spawn', resolve);
      child.once('error', reject);
    });
  } catch (cause) {
    throw new TestbedError('part-unavailable', `${plan.name} could not be run from ${plan.command}.`, { cause });
  } finally {
    closeSync(log);
  }
  const pid = child.pid;
  if (pid === undefined) throw new TestbedError('part-unavailable', `${plan.name} has no process id.`);
  let asked = false;
  const endedUnasked = new Promise<Exit>((resolve) => {
    void exited.then((exit) => (asked ? undefined : resolve(exit)));
  });
  const stop = async (): Promise<StoppedProcess> => {
    asked = true;
    child.kill(plan.stopSignal ?? 'SIGTERM');
    const killer = setTimeout(() => child.kill('SIGKILL'), STOP_GRACE_MS);
    const exit = await exited;
    clearTimeout(killer);
    return { state: 'stopped', name: plan.name, exit };
  };
  return {
    state: 'started',
    name: plan.name,
    pid,
    identity: identify(pid),
    exited,
    endedUnasked,
    logTail: () => logTail(plan.logFile, logBegins),
    stop,
    [Symbol.asyncDispose]: async () => {
      await stop();
    },
  };
}

/**
 * Waits for `ready`, but fails at once, by name and with its last words, when the process ends first.
 *
 * @param ready Gets a signal that is aborted as soon as the outcome is known, so that nothing goes on asking a dead part.
 */
export async function readyOrDead<T>(part: StartedProcess, ready: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const known = new AbortController();
  const died = part.exited.then((exit): never => {
    throw deathOf(part, exit);
  });
  const awaited = ready(known.signal);
  // Whichever loses the race may still reject later; it has been answered for.
  died.catch(() => undefined);
  awaited.catch(() => undefined);
  try {
    return await Promise.race([awaited, died]);
  } finally {
    known.abort();
  }
}

/** The failure to report for a part that ended unasked. A log that speaks of a taken port asks for another one. */
export function deathOf(part: StartedProcess, exit: Exit): TestbedError {
  const tail = part.logTail();
  const how = exit.signal === null ? `with exit code ${exit.code}` : `by ${exit.signal}`;
  const code = /address already in use/i.test(tail) ? 'port-in-use' : 'part-died';
  return new TestbedError(code, `${part.name} ended unexpectedly ${how}.`, { details: tail });
}
