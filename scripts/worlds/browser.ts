/** Owns opening a person's browser on a world: a throw-away profile that trusts this world's certificate alone. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { World } from '@lamplighter/fixtures';
import { browserArguments, findBrowser, installBrowser, leafSpki, TestbedError } from '@lamplighter/testbed';
import { chromium } from '@playwright/test';
import type { Progress } from '../cli/progress.ts';
import { e2eFolder } from '../repository.ts';

/** The path of a Chromium, installed first when there is none. */
export async function obtainBrowser(progress: Progress, signal: AbortSignal): Promise<string> {
  const found = await findBrowser(process.env, chromium.executablePath());
  if (found !== undefined) return found.path;
  const cli = join(e2eFolder, 'node_modules', '@playwright', 'test', 'cli.js');
  const what = 'installing a Chromium (usually a minute)';
  progress.begin(what);
  await installBrowser(
    [process.execPath, cli, 'install', 'chromium'],
    (way) => progress.begin(`${what}: ${way}`),
    signal,
  );
  progress.done(what);
  const installed = await findBrowser(process.env, chromium.executablePath());
  if (installed === undefined)
    throw new TestbedError('browser-unavailable', "A Chromium was installed but can't be found.");
  return installed.path;
}

/** @throws TestbedError `browser-unavailable` where there is no screen to open a window on. */
function refuseWithoutDisplay(): void {
  const { DISPLAY, WAYLAND_DISPLAY } = process.env;
  if (process.platform !== 'linux' || DISPLAY || WAYLAND_DISPLAY) return;
  throw new TestbedError(
    'browser-unavailable',
    'There is no screen here to open a browser on: visit the page from a machine that has one, or run without --open.',
  );
}

/** Opens the world's page in a window of its own. Disposing closes it and takes the profile away. */
export async function openBrowser(world: World, path: string): Promise<AsyncDisposable> {
  const [provider] = Object.values(world.providers);
  if (provider === undefined) throw new TestbedError('bad-input', 'This world has no provider to trust.');
  refuseWithoutDisplay();
  await using stack = new AsyncDisposableStack();
  const profile = await mkdtemp(join(tmpdir(), 'lamplighter-browser-'));
  stack.defer(() => rm(profile, { recursive: true, force: true }));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: path,
    headless: false,
    viewport: null,
    args: browserArguments(await leafSpki(provider.issuer, world.ca)),
  });
  await (context.pages()[0] ?? (await context.newPage())).goto(world.target.url);
  stack.defer(() => context.close());
  return stack.move();
}
