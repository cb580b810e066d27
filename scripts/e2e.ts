/** Owns `pnpm e2e`: the journeys in a real browser against a real world. */
import { command, givenArguments, nameOption, providerOption, runtimeOption } from './cli/options.ts';
import { createProgress } from './cli/progress.ts';
import { runCommand } from './cli/run.ts';
import { runJourneys } from './test/journeys.ts';
import { reportOption } from './test/report-folder.ts';
import { resultLine } from './test/tally.ts';

const options = command('e2e', 'Run the journeys in a real browser against a real world.')
  .addOption(nameOption(`e2e-${process.pid}`))
  .addOption(runtimeOption())
  .addOption(providerOption())
  .option('--journey <names>', 'only these, by name: token,oidc-pkce,sessions', (text: string) => text.split(','), [])
  .addOption(reportOption())
  .option('--headed', 'show the browser')
  .parse(givenArguments(), { from: 'user' })
  .opts<{ name: string; journey: string[]; report: string; headed?: true }>();

await runCommand(async (signal) => {
  using progress = createProgress();
  const plan = {
    worldName: options.name,
    journeys: options.journey,
    reportFolder: options.report,
    headed: options.headed ?? false,
  };
  const tally = await runJourneys(plan, progress, signal);
  for (const skipped of tally.skipped) console.log(`skipped: ${skipped}`);
  console.log(`report: ${options.report}\n${resultLine(tally)}`);
  return tally.failed === 0 && tally.passed > 0 ? 0 : 1;
});
