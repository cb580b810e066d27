/** Owns knowing who started this command through a package manager: when pnpm or npx is killed, whoever wanted the command has gone. */
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { identify, isAlive, type ProcessIdentity } from '@lamplighter/testbed';

/** How often they are looked for; a killed caller's world is gone within a second. */
const LOOK_EVERY_MS = 500;
/** The file names of package managers' programs, as an argument or as the title a process gives itself. */
const PACKAGE_MANAGER = /^(pnpm|npm|npx|corepack)(-cli)?(\.[cm]?js)?$/;

interface Ancestor {
  readonly pid: number;
  readonly commandLine: string;
}

/** The chain of parents, the nearest first. Only Linux says it without another program; elsewhere it is empty. */
function ancestors(): Ancestor[] {
  const chain: Ancestor[] = [];
  try {
    for (let pid = process.ppid; pid > 1; ) {
      chain.push({ pid, commandLine: readFileSync(`/proc/${pid}/cmdline`, 'latin1') });
      const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
      pid = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
    }
  } catch {
    // One of them ended while we looked, or this system has no /proc: what was found is what there is.
  }
  return chain;
}

/** The program is its first word, or its second when an interpreter is the first. A shell that only mentions one is none. */
function isPackageManager({ commandLine }: Ancestor): boolean {
  const [program = '', script = ''] = commandLine.split(/[\0 ]+/);
  return [program, script].some((word) => PACKAGE_MANAGER.test(basename(word)));
}

/** Everybody between us and the outermost package manager, itself included; nobody when a person ran the script directly. */
function callers(): ProcessIdentity[] {
  const chain = ancestors();
  const outermost = chain.findLastIndex(isPackageManager);
  return chain.slice(0, outermost + 1).flatMap(({ pid }) => identify(pid) ?? []);
}

/** Calls `onGone` once, as soon as one of them has ended. The kernel ties our parts to us; this ties us to them. */
export function watchCallers(onGone: () => void): void {
  const watched = callers();
  if (watched.length === 0) return;
  const timer = setInterval(() => {
    if (watched.every(isAlive)) return;
    clearInterval(timer);
    onGone();
  }, LOOK_EVERY_MS);
  timer.unref();
}
