/** Owns the house rules that no linter knows: rooms stay small and say what they own. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { $ } from 'zx';
import { repositoryRoot } from '../repository.ts';

/** Over this a room is never one thing. */
const MOST_LINES = 500;
const SOURCE = /\.(ts|tsx)$/;
/** Their tests own nothing; the name of the tested room says it all. */
const SPEECHLESS = /\.(test|spec)\.tsx?$|\.d\.ts$/;

function problemOf(file: string, text: string): string | undefined {
  const lines = text.split('\n').length - 1;
  if (lines > MOST_LINES) return `${file}: ${lines} lines, at most ${MOST_LINES} are allowed`;
  if (!SPEECHLESS.test(file) && !text.replace(/^#!.*\n/, '').startsWith('/**')) {
    return `${file}: does not open with a sentence on what it owns`;
  }
  return undefined;
}

/** Every breach, as a line each. */
export async function houseProblems(): Promise<string[]> {
  const { stdout } = await $({ cwd: repositoryRoot, quiet: true })`git ls-files --cached --others --exclude-standard`;
  return stdout
    .split('\n')
    .filter((file) => SOURCE.test(file) && existsSync(join(repositoryRoot, file)))
    .flatMap((file) => problemOf(file, readFileSync(join(repositoryRoot, file), 'utf8')) ?? []);
}
