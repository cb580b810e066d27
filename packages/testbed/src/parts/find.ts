/** Owns the look for a binary that is already on the machine: named by the environment, or on PATH and new enough. */
import { execFile } from 'node:child_process';
import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { type PartName, pins } from '@lamplighter/fixtures';
import semver from 'semver';
import { TestbedError } from '../process/errors.ts';
import type { Miss, ObtainContext, Part } from './part.ts';

const run = promisify(execFile);
/** A binary that can't say its version in this time is not one to build a world on. */
const VERSION_TIMEOUT_MS = 10_000;

/** The variable that names a part's binary outright: `LAMPLIGHTER_KUBE_APISERVER`. */
export function explicitVariable(name: PartName): string {
  return `LAMPLIGHTER_${name.toUpperCase().replaceAll('-', '_')}`;
}

async function isExecutable(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}

/** The first executable of this name on PATH. */
export async function onPath(name: string, env: ObtainContext['env']): Promise<string | undefined> {
  for (const folder of (env['PATH'] ?? '').split(delimiter)) {
    if (folder !== '' && (await isExecutable(join(folder, name)))) return join(folder, name);
  }
  return undefined;
}

/** The version a binary says it has, or undefined when it says none. */
async function versionOf(path: string, name: PartName): Promise<string | undefined> {
  try {
    const { stdout } = await run(path, [...pins.parts[name].versionArguments], { timeout: VERSION_TIMEOUT_MS });
    return semver.coerce(stdout, { includePrerelease: true })?.version;
  } catch {
    return undefined;
  }
}

/**
 * The binary the environment names.
 *
 * @throws TestbedError `bad-input` when it names one that can't be run: a wish that can't be met is never silently replaced.
 */
export async function findExplicit(name: PartName, context: ObtainContext): Promise<Part | Miss> {
  const variable = explicitVariable(name);
  const path = context.env[variable];
  if (path === undefined || path === '') return { miss: `${variable} is not set` };
  if (!(await isExecutable(path))) {
    throw new TestbedError(
      'bad-input',
      `${variable} names ${path}, which is not an executable file: correct or unset it.`,
    );
  }
  return { name, path, source: 'explicit', version: (await versionOf(path, name)) ?? 'unknown' };
}

/** The binary on PATH, when its version is one that the pin accepts. */
export async function findOnPath(name: PartName, context: ObtainContext): Promise<Part | Miss> {
  const path = await onPath(name, context.env);
  if (path === undefined) return { miss: 'not on PATH' };
  const version = await versionOf(path, name);
  const { accepts } = pins.parts[name];
  if (version === undefined) return { miss: `${path} does not say its version` };
  if (!semver.satisfies(version, accepts)) return { miss: `${path} is ${version}, and ${accepts} is wanted` };
  return { name, path, source: 'path', version };
}
