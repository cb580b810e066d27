/** Owns `pnpm dev`: a world to develop in, its server and page reloaded on every change, gone on Ctrl-C. */

import type { World } from '@lamplighter/fixtures';
import { createWorld } from '@lamplighter/testbed';
import { command, givenArguments, nameOption, providerOption, runtimeOption } from './cli/options.ts';
import { createProgress, type Progress } from './cli/progress.ts';
import { report, runCommand, untilAborted } from './cli/run.ts';
import { worldsRoot } from './repository.ts';
import { reloadingTarget } from './target/reloading.ts';
import { worldSummary } from './worlds/summary.ts';

const options = command('dev', 'Bring a world up with this checkout as its target, and reload it on every change.')
  .addOption(nameOption('dev'))
  .addOption(runtimeOption())
  .addOption(providerOption())
  .option('--open', 'open a browser that trusts this world')
  .parse(givenArguments(), { from: 'user' })
  .opts<{ name: string; open?: true }>();

/** What a person's own browser shows, since no trust store was touched. */
const OWN_BROWSER =
  '  Your own browser will warn about the provider\'s certificate, which is this world\'s own: choose "Advanced" and proceed,\n' +
  '  or start again with --open for a browser that trusts it.';

/** A browser that can't be opened is told; the world is up all the same. Playwright costs 0.3 s to load: only who wants it pays. */
async function openOrTell(world: World, progress: Progress, signal: AbortSignal): Promise<AsyncDisposable | undefined> {
  try {
    const { obtainBrowser, openBrowser } = await import('./worlds/browser.ts');
    return await openBrowser(world, await obtainBrowser(progress, signal));
  } catch (thrown) {
    if (signal.aborted) throw thrown;
    report(thrown);
    return undefined;
  }
}

await runCommand(async (signal) => {
  using progress = createProgress();
  await using started = await createWorld({
    name: options.name,
    root: worldsRoot,
    startTarget: reloadingTarget((line) => console.log(line)),
    onEvent: progress.show,
    signal,
  }).start();
  console.log(worldSummary(started.world));
  await using _browser = options.open ? await openOrTell(started.world, progress, signal) : undefined;
  if (!options.open) console.log(`${OWN_BROWSER}\n`);
  console.log(`  Ready in ${(performance.now() / 1000).toFixed(1)} s. Ctrl-C takes it down.`);
  const death = await Promise.race([started.died, untilAborted(signal)]);
  if (death) throw death;
  console.log('Taking the world down…');
  return 0;
});
