/** Owns the order in which a part is looked for: explicit, PATH, cache, official download, built from source. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type PartName, pins } from '@lamplighter/fixtures';
import { systemCode, TestbedError } from '../process/errors.ts';
import { buildPart, diskFull, findGo } from './build.ts';
import { adoptIntoCache, dropFromCache, lookInCache, partFolder, stagingFolder } from './cache.ts';
import { downloadPart } from './download.ts';
import { explicitVariable, findExplicit, findOnPath } from './find.ts';
import { withLock } from './lock.ts';
import type { Miss, ObtainContext, Part } from './part.ts';

function isMiss(found: object): found is Miss {
  return 'miss' in found;
}

async function findInCache(name: PartName, context: ObtainContext): Promise<Part | Miss> {
  const look = await lookInCache(context.cacheFolder, name);
  if (look.kind === 'whole') return { name, path: look.path, source: 'cache', version: pins.parts[name].version };
  return { miss: look.kind === 'absent' ? 'not in the cache' : `the cached copy is damaged (${look.why})` };
}

/** Takes a damaged entry away and says so. Only under the lock: somebody else may just have put a whole one there. */
async function dropDamaged(name: PartName, context: ObtainContext): Promise<void> {
  const look = await lookInCache(context.cacheFolder, name);
  if (look.kind !== 'damaged') return;
  await dropFromCache(context.cacheFolder, name);
  const note = `the cached ${name} was damaged (${look.why}) and has been removed; it is obtained again`;
  context.onEvent({ part: name, doing: 'repairing', note });
}

/** Where a part is, without obtaining or changing anything: the first three places only. */
export async function findPart(name: PartName, context: ObtainContext): Promise<Part | { readonly misses: string[] }> {
  const misses: string[] = [];
  for (const look of [findExplicit, findOnPath, findInCache]) {
    const found = await look(name, context);
    if (!isMiss(found)) return found;
    misses.push(found.miss);
  }
  return { misses };
}

/** Downloads or builds into the cache; call it under the part's lock. */
async function obtain(name: PartName, context: ObtainContext, misses: string[]): Promise<Part> {
  const { version, download } = pins.parts[name];
  const staging = await stagingFolder(context.cacheFolder, name);
  try {
    const missed = download
      ? await downloadPart(name, version, download, staging, context)
      : { miss: 'no official download exists' };
    if (missed === undefined) {
      const path = await adoptIntoCache(context.cacheFolder, name, staging, 'download');
      return { name, path, source: 'download', version };
    }
    misses.push(missed.miss);
    const go = await findGo(context.env);
    if (isMiss(go)) {
      misses.push(go.miss);
      throw unavailable(name, misses);
    }
    await buildPart(name, go.path, staging, context);
    const path = await adoptIntoCache(context.cacheFolder, name, staging, 'build');
    return { name, path, source: 'build', version };
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
}

/** A cache folder that takes no file is told as what it is, whichever step met it first. */
function cacheFailure(name: PartName, cacheFolder: string, thrown: unknown): unknown {
  const code = systemCode(thrown);
  if (code === 'ENOSPC') return diskFull(name, cacheFolder);
  if (code === 'EACCES' || code === 'EROFS' || code === 'ENOTDIR' || code === 'EEXIST') {
    const message = `The cache folder ${cacheFolder} can't be written (${code}): set LAMPLIGHTER_CACHE to a folder of yours.`;
    return new TestbedError('bad-input', message, { cause: thrown });
  }
  return thrown;
}

function unavailable(name: PartName, misses: readonly string[]): TestbedError {
  return new TestbedError(
    'part-unavailable',
    `${name} ${pins.parts[name].version} can't be had: ${misses.join('; ')}. ` +
      `Install Go ${pins.go.minimum} or newer, allow the download, or set ${explicitVariable(name)} to a binary.`,
  );
}

/**
 * A binary of the part, obtained if need be. Two callers at once, in whatever processes, build it once.
 *
 * @throws TestbedError `part-unavailable` with every place that was tried and why it had nothing; `disk-full`; `build-failed`; `bad-input`.
 */
export async function resolvePart(name: PartName, context: ObtainContext): Promise<Part> {
  const found = await findPart(name, context);
  return 'misses' in found ? obtainUnderLock(name, context, found.misses) : found;
}

async function obtainUnderLock(name: PartName, context: ObtainContext, misses: readonly string[]): Promise<Part> {
  const lock = join(partFolder(context.cacheFolder, name), 'builders');
  const note = 'another process is obtaining it';
  return withLock(
    lock,
    () => context.onEvent({ part: name, doing: 'waiting', note }),
    async () => {
      // Whoever held the lock before us may have obtained it.
      const again = await findInCache(name, context);
      if (!isMiss(again)) return again;
      await dropDamaged(name, context);
      const part = await obtain(name, context, [...misses]);
      context.onEvent({ part: name, doing: 'obtained', note: part.source === 'build' ? 'built' : 'downloaded' });
      return part;
    },
    context.signal,
  ).catch((thrown: unknown): never => {
    throw cacheFailure(name, context.cacheFolder, thrown);
  });
}

/** All of them. What is missing is obtained one after the other: each build alone already uses every core. */
export async function resolveParts<N extends PartName>(
  names: readonly N[],
  context: ObtainContext,
): Promise<ReadonlyMap<N, Part>> {
  const found = await Promise.all(names.map(async (name) => [name, await findPart(name, context)] as const));
  const parts = new Map<N, Part>();
  for (const [name, look] of found) {
    parts.set(name, 'misses' in look ? await obtainUnderLock(name, context, look.misses) : look);
  }
  return parts;
}
