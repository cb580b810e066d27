/** Owns the cache of obtained binaries: where an entry lies, how it comes to be whole or not at all, how damage is noticed. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { chmod, mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { goModulesFolder, type PartName, pins } from '@lamplighter/fixtures';
import { z } from 'zod';
import { systemCode } from '../process/errors.ts';

/** Not there, or something else is in the way; the second is told when the entry is to be made. */
const ABSENT = new Set(['ENOENT', 'ENOTDIR']);

/** What stands beside a cached binary. Size and time of change let an untouched file be trusted without reading all of it. */
interface EntryRecord {
  readonly sha256: string;
  readonly sizeBytes: number;
  readonly changedMs: number;
  readonly source: 'download' | 'build';
}

const entrySchema: z.ZodType<EntryRecord> = z.strictObject({
  sha256: z.string(),
  sizeBytes: z.number(),
  changedMs: z.number(),
  source: z.enum(['download', 'build']),
});

/** The user's cache folder, or `LAMPLIGHTER_CACHE`. */
export function cacheFolderOf(env: Readonly<Record<string, string | undefined>>): string {
  // An empty variable is one that is not set; a relative one is meant from where the command was given.
  return resolve(env['LAMPLIGHTER_CACHE'] || join(env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'lamplighter'));
}

/** This machine in Go's words: `linux-amd64`. */
export function platform(): { os: string; arch: string } {
  return { os: process.platform, arch: process.arch === 'x64' ? 'amd64' : process.arch };
}

/** An entry's name says everything it depends on: version, platform, and a digest of how it is made and of the sources' checksums. */
async function keyOf(name: PartName): Promise<string> {
  const { version, build } = pins.parts[name];
  const made = [version, build.requires.module, build.requires.version, build.package, build.ldflags];
  const sums = await readFile(join(goModulesFolder, build.folder, 'go.sum'));
  const digest = createHash('sha256').update(made.join('\n')).update(sums).digest('hex').slice(0, 12);
  const { os, arch } = platform();
  return `${version}-${os}-${arch}-${digest}`;
}

/** The folder a part's entries, locks and half-made files live in. */
export function partFolder(cacheFolder: string, name: PartName): string {
  return join(cacheFolder, 'parts', name);
}

async function sha256Of(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return hash.digest('hex');
}

export type CacheLook =
  | { readonly kind: 'whole'; readonly path: string }
  | { readonly kind: 'absent' }
  | { readonly kind: 'damaged'; readonly why: string };

/** Looks for an entry. A file that changed since it was stored is read whole and compared. */
export async function lookInCache(cacheFolder: string, name: PartName): Promise<CacheLook> {
  const folder = join(partFolder(cacheFolder, name), await keyOf(name));
  let text: string;
  try {
    text = await readFile(join(folder, 'entry.json'), 'utf8');
  } catch (thrown) {
    if (ABSENT.has(systemCode(thrown))) return { kind: 'absent' };
    throw thrown;
  }
  const path = join(folder, name);
  try {
    const entry = entrySchema.parse(JSON.parse(text));
    const { size, mtimeMs } = await stat(path);
    if (size === entry.sizeBytes && mtimeMs === entry.changedMs) return { kind: 'whole', path };
    if (size !== entry.sizeBytes) {
      return { kind: 'damaged', why: `it has ${size} bytes instead of ${entry.sizeBytes}` };
    }
    if ((await sha256Of(path)) === entry.sha256) return { kind: 'whole', path };
    return { kind: 'damaged', why: 'its checksum is wrong' };
  } catch {
    return { kind: 'damaged', why: 'its record or its binary is missing or unreadable' };
  }
}

/** Takes an entry away, whole. */
export async function dropFromCache(cacheFolder: string, name: PartName): Promise<void> {
  await rm(join(partFolder(cacheFolder, name), await keyOf(name)), { recursive: true, force: true });
}

/** A fresh folder for something half-made, on the cache's own disk; whatever an earlier try left there goes. Call it under the lock. */
export async function stagingFolder(cacheFolder: string, name: PartName): Promise<string> {
  const staging = join(partFolder(cacheFolder, name), 'half-made');
  await rm(staging, { recursive: true, force: true });
  await mkdir(staging, { recursive: true, mode: 0o755 });
  return staging;
}

/** Makes the binary `<staging>/<name>` an entry: the rename is the only moment it can be seen. Resolves to its final path. */
export async function adoptIntoCache(
  cacheFolder: string,
  name: PartName,
  staging: string,
  source: EntryRecord['source'],
): Promise<string> {
  const binary = join(staging, name);
  await chmod(binary, 0o755);
  const { size, mtimeMs } = await stat(binary);
  const entry: EntryRecord = { sha256: await sha256Of(binary), sizeBytes: size, changedMs: mtimeMs, source };
  await writeFile(join(staging, 'entry.json'), `${JSON.stringify(entry, null, 2)}\n`);
  const final = join(partFolder(cacheFolder, name), await keyOf(name));
  await rm(final, { recursive: true, force: true });
  await rename(staging, final);
  return join(final, name);
}
