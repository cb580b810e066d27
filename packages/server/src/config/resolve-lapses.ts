/** Says at the start which flags have no effect, and what holds instead where somebody may rely on one. */
import type { Findings } from './findings.ts';
import type { Flag } from './flags.ts';
import type { Settings } from './schema.ts';

export function warnOfLapses(settings: Settings, withoutEffect: readonly Flag[], findings: Findings): void {
  judgeServiceAccountFlags(settings, findings);
  // One sentence for each flag somebody relies on, unless they turned it off, and one for all others.
  const isLapse = ({ name, lapse }: Flag): boolean => lapse !== undefined && findings.isAskedFor(name);
  for (const { name, lapse } of withoutEffect.filter(isLapse)) findings.warn(`--${name} has no effect: ${lapse}.`);
  const others = withoutEffect.filter((flag) => !isLapse(flag)).map(({ name }) => `--${name}`);
  if (others.length > 0) findings.warn(`Accepted, but without effect yet: ${others.join(', ')}.`);
}

/** As Headlamp judges them; a server that starts with such a pair there must not start with less here. */
function judgeServiceAccountFlags(settings: Settings, findings: Findings): void {
  const unsafe = 'unsafe-use-service-account-token';
  const path = 'service-account-token-path';
  for (const flag of [unsafe, path]) {
    if (findings.isAskedFor(flag) && !settings['in-cluster'] && !findings.isRejected('in-cluster'))
      findings.report(flag, 'is only accepted with --in-cluster.');
  }
  if (findings.isAskedFor(path) && !findings.isAskedFor(unsafe))
    findings.report(path, `is only accepted with --${unsafe}.`);
}
