/** What `--help` and `--version` print. */
import manifest from '../../package.json' with { type: 'json' };
import { ALIASES, FLAGS } from './flags.ts';

export const VERSION: string = manifest.version;

export function helpText(): string {
  const effective = FLAGS.filter((flag) => flag.effective);
  const silent = FLAGS.filter((flag) => !flag.effective);
  return `lamplighter-server ${VERSION}: Headlamp-compatible sign-in for Kubernetes web UIs.

Usage: lamplighter-server [--flag=value …]
One dash or two; the value after "=" or as the next word; a yes or no alone or as --flag=true.
Each flag is also read from LAMPLIGHTER_<NAME> and then HEADLAMP_CONFIG_<NAME>; a flag wins.

${effective.map(({ name, fallback, meaning }) => `  --${name}${spellings(name)}\n      ${meaning}${fallback === '' ? '' : ` Default: ${fallback}.`}`).join('\n')}

Accepted, without effect:
${wrap(silent.map(({ name }) => `--${name}`))}
`;
}

function spellings(name: string): string {
  return [...ALIASES]
    .filter(([, flag]) => flag === name)
    .map(([alias]) => `, --${alias}`)
    .join('');
}

function wrap(words: readonly string[]): string {
  const lines: string[] = ['  '];
  for (const word of words) {
    const line = lines.at(-1) ?? '';
    if (line.length + word.length > 100) lines.push(`  ${word}`);
    else lines[lines.length - 1] = line.trim() === '' ? `  ${word}` : `${line} ${word}`;
  }
  return lines.join('\n');
}
