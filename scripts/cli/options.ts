/** Owns the options that several commands share, so that they read and behave alike everywhere. */
import { Command, Option } from 'commander';

/** A command with its one sentence; wrong options end with exit code 1, the sentence and the way to `--help`. */
export function command(name: string, description: string): Command {
  return new Command(name)
    .description(description)
    .showHelpAfterError(`(try \`npx pnpm@12 ${name} --help\`)`)
    .configureOutput({ outputError: (text, write) => write(text.replace(/^error: /, '')) });
}

export function nameOption(fallback: string): Option {
  return new Option('--name <world>', "the world's name; two names run side by side").default(fallback);
}

export function runtimeOption(): Option {
  return new Option('--runtime <runtime>', 'how the parts run').choices(['auto', 'native']).default('auto');
}

export function providerOption(): Option {
  return new Option('--provider <provider>', 'the identity provider').choices(['dex']).default('dex');
}

/** `pnpm run x -- --flag` hands the dashes on; they mean nothing to us. */
export function givenArguments(): string[] {
  return process.argv.slice(2).filter((word, index) => !(index === 0 && word === '--'));
}
