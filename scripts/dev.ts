/** Owns `pnpm dev`: a world to develop in, its server and page reloaded on every change, gone on Ctrl-C. */
import { createWorld } from '@lamplighter/testbed';
import { command, givenArguments, nameOption, providerOption, runtimeOption } from './cli/options.ts';
import { createProgress } from './cli/progress.ts';
import { runCommand, untilAborted } from './cli/run.ts';
import { worldsRoot } from './repository.ts';
import { reloadingTarget } from './target/reloading.ts';
import { obtainBrowser, openBrowser } from './worlds/browser.ts';
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

await runCommand(async (signal) => {
  const begun = performance.now();
  using progress = createProgress();
  await using started = await createWorld({
    name: options.name,
    root: worldsRoot,
    startTarget: reloadingTarget((line) => console.log(line)),
    onEvent: progress.show,
    signal,
  }).start();
  console.log(worldSummary(started.world));
  await using _browser = options.open
    ? await openBrowser(started.world, await obtainBrowser(progress, signal))
    : undefined;
  if (!options.open) console.log(`${OWN_BROWSER}\n`);
  console.log(`  Ready in ${((performance.now() - begun) / 1000).toFixed(1)} s. Ctrl-C takes it down.`);
  const death = await Promise.race([started.died, untilAborted(signal)]);
  if (death) throw death;
  return 0;
});
