/** Owns what the integration tests need around a world: a folder of their own, and the commands as a person runs them. */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { tiedToOurLife } from '@lamplighter/testbed';

export const repositoryRoot: string = fileURLToPath(new URL('../..', import.meta.url));

/** A folder for worlds that goes with the test. */
export function scratchFolder(): { root: string } & Disposable {
  const root = mkdtempSync(join(tmpdir(), 'lamplighter-test-'));
  return { root, [Symbol.dispose]: () => rmSync(root, { recursive: true, force: true }) };
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
    env: { ...process.env, ...env },
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
