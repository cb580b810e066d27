/** Owns finding a Chromium to look with, and installing one when there is none. */
import { execFile } from 'node:child_process';
import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { promisify } from 'node:util';
import { onPath } from '../parts/find.ts';
import { TestbedError } from '../process/errors.ts';
import { describeThrown } from '../process/wait.ts';

const run = promisify(execFile);
/** A package manager that is still at it after this long has met a problem of its own. */
const INSTALL_TIMEOUT_MS = 10 * 60_000;

/** The names Chromium and its kin go by, the plainest first. */
const COMMANDS = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome'];
const MAC_CHROME = '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome';

export interface Browser {
  readonly path: string;
  readonly source: 'explicit' | 'installed' | 'playwright';
}

async function runnable(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}

/**
 * A Chromium that is there: the one `LAMPLIGHTER_BROWSER` names, an installed one, or Playwright's own.
 *
 * @param playwrightPath Where Playwright would have put its own.
 * @throws TestbedError `bad-input` when the variable names something that can't be run.
 */
export async function findBrowser(
  env: Readonly<Record<string, string | undefined>>,
  playwrightPath: string,
): Promise<Browser | undefined> {
  const named = env['LAMPLIGHTER_BROWSER'];
  if (named) {
    if (await runnable(named)) return { path: named, source: 'explicit' };
    throw new TestbedError(
      'bad-input',
      `LAMPLIGHTER_BROWSER names ${named}, which is not an executable file: correct or unset it.`,
    );
  }
  for (const name of COMMANDS) {
    const path = await onPath(name, env);
    if (path !== undefined) return { path, source: 'installed' };
  }
  if (await runnable(MAC_CHROME)) return { path: MAC_CHROME, source: 'installed' };
  return (await runnable(playwrightPath)) ? { path: playwrightPath, source: 'playwright' } : undefined;
}

/** One way of getting a browser, tried in turn. */
export interface Installer {
  readonly name: string;
  readonly commands: readonly (readonly [string, ...string[]])[];
}

/** Debian's and Ubuntu's package, for those who may install it. */
const debianPackage: Installer = {
  name: "Debian's chromium package",
  commands: [
    ['apt-get', 'update', '-qq'],
    ['apt-get', 'install', '-y', '-qq', '--no-install-recommends', 'chromium'],
  ],
};

/**
 * Installs a Chromium: Playwright's own first, then the system's package.
 *
 * @param playwrightInstall The command line of Playwright's installer.
 * @param tell Told which way is being tried.
 * @throws TestbedError `browser-unavailable` with every way that was tried and why it failed.
 */
export async function installBrowser(
  playwrightInstall: readonly [string, ...string[]],
  tell: (way: string) => void,
  signal: AbortSignal,
): Promise<void> {
  const ways: Installer[] = [{ name: "Playwright's own download", commands: [playwrightInstall] }];
  if (process.platform === 'linux' && process.getuid?.() === 0) ways.push(debianPackage);
  const failures: string[] = [];
  for (const way of ways) {
    tell(way.name);
    try {
      for (const [command, ...args] of way.commands) {
        const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
        await run(command, args, { timeout: INSTALL_TIMEOUT_MS, signal, env });
      }
      return;
    } catch (thrown) {
      signal.throwIfAborted();
      failures.push(`${way.name}: ${describeThrown(thrown).split('\n')[0]}`);
    }
  }
  throw new TestbedError(
    'browser-unavailable',
    'No Chromium was found and none could be installed. Install one (Debian: apt-get install chromium), or set LAMPLIGHTER_BROWSER to its path.',
    { details: failures.join('\n') },
  );
}
