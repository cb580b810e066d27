/** Owns what the integration tests need around a world: folders of their own, and the commands as a person runs them. */
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { endWorld, runningWorlds, tiedToOurLife } from '@lamplighter/testbed';
import { afterAll, type TestContext } from 'vitest';

export const repositoryRoot: string = fileURLToPath(new URL('../..', import.meta.url));
/** Everything this process makes. `pnpm test` clears the folders of processes that were killed (scripts/test/scratch.ts). */
const ownFolder = join(repositoryRoot, '.lamplighter', 'scratch', String(process.pid));
/** The worlds of the commands below: never among the person's own. */
export const worldsRoot: string = join(ownFolder, 'worlds');
/** Enough to run the tools of this checkout, and nothing that the machine may happen to have. */
export const TOOLS: readonly string[] = [join(repositoryRoot, 'node_modules', '.bin'), dirname(process.execPath)];

afterAll(async () => {
  // A test that failed half-way may have left one.
  for (const { name } of runningWorlds(worldsRoot)) await endWorld(worldsRoot, name);
  rmSync(ownFolder, { recursive: true, force: true });
});

/** A folder that goes with the test. */
export function scratchFolder(): { root: string } & Disposable {
  mkdirSync(ownFolder, { recursive: true, mode: 0o700 });
  const root = mkdtempSync(join(ownFolder, 'one-'));
  return { root, [Symbol.dispose]: () => rmSync(root, { recursive: true, force: true }) };
}

/** Skips the test; the reason also stands in `pnpm test`'s last lines (scripts/test/tally.ts). */
export function skipBecause({ task, skip }: TestContext, reason: string): never {
  const skipReason = reason.replaceAll(/\s+/g, ' ').trim();
  Object.assign(task.meta, { skipReason });
  return skip(skipReason);
}

export interface CommandResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunningCommand {
  readonly pid: number;
  readonly ended: Promise<CommandResult>;
  /** What it has written to standard error so far. */
  stderr(): string;
  stdout(): string;
  signal(signal: NodeJS.Signals): void;
}

/** Starts one of the scripts as `pnpm <name>` would. */
export function startCommand(
  script: string,
  args: readonly string[],
  env: Record<string, string> = {},
): RunningCommand {
  return startNode(join(repositoryRoot, 'scripts', script), args, env);
}

/** Runs one to its end. */
export function runCommand(
  script: string,
  args: readonly string[],
  env?: Record<string, string>,
): Promise<CommandResult> {
  return startCommand(script, args, env).ended;
}

/** Runs the server until it ends by itself. */
export function runServer(args: readonly string[]): Promise<CommandResult> {
  return startNode(join(repositoryRoot, 'apps', 'server', 'src', 'main.ts'), args, {}).ended;
}

function startNode(file: string, args: readonly string[], env: Record<string, string>): RunningCommand {
  const [command, commandArgs] = tiedToOurLife(process.execPath, [file, ...args]);
  const child = spawn(command, commandArgs, {
    cwd: repositoryRoot,
    env: { ...process.env, LAMPLIGHTER_WORLDS: worldsRoot, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    stdout += chunk;
  });
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    stderr += chunk;
  });
  return {
    pid: child.pid ?? 0,
    stdout: () => stdout,
    stderr: () => stderr,
    signal: (signal) => child.kill(signal),
    ended: new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (code) => resolve({ code, stdout, stderr }));
    }),
  };
}

export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
