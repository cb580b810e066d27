/** Which headers a proxy in front speaks in, when its word is taken for who somebody is. */
import type { Findings } from './findings.ts';
import type { Settings } from './schema.ts';
import type { IdentityHeaders } from './server-config.ts';

const FLAGS = [
  'proxy-auth-username-header',
  'proxy-auth-group-header',
  'proxy-auth-email-header',
  'proxy-auth-token-header',
] as const;

export function resolveIdentityHeaders(settings: Settings, findings: Findings): IdentityHeaders {
  for (const [at, flag] of FLAGS.entries()) {
    const name = settings[flag];
    // Attack this stops: a token that is read as a name would be shown on the page and written to the log.
    const earlier = FLAGS.slice(0, at).find((other) => isSame(settings[other], name));
    if (earlier !== undefined)
      findings.report(flag, `is ${name}, which --${earlier} is too; each needs a header of its own.`);
  }
  if (settings['proxy-auth'] && !findings.isAskedFor('trusted-proxies'))
    findings.warn('--proxy-auth takes the word of proxies on this machine only; name others with --trusted-proxies.');
  return {
    username: settings['proxy-auth-username-header'],
    groups: settings['proxy-auth-group-header'],
    email: settings['proxy-auth-email-header'],
    token: settings['proxy-auth-token-header'],
  };
}

/** Many servers read `_` in a header's name as `-`. */
function isSame(one: string, other: string): boolean {
  return one.replaceAll('_', '-') === other.replaceAll('_', '-');
}
