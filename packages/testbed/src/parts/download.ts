/** Owns fetching an official file: its published checksum first, then the file, resumed where it broke off, never adopted unchecked. */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { copyFile, mkdir, open, rm, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import type { DownloadPin, PartName } from '@lamplighter/fixtures';
import { EnvHttpProxyAgent, fetch, type Response } from 'undici';
import { DOWNLOAD_CONNECT_TIMEOUT_MS, DOWNLOAD_IDLE_TIMEOUT_MS } from '../constants.ts';
import { systemCode } from '../process/errors.ts';
import { describeThrown } from '../process/wait.ts';
import { platform } from './cache.ts';
import type { Miss, ObtainContext } from './part.ts';

const run = promisify(execFile);
/** A broken connection is taken up again this often before the next way of obtaining the part is tried. */
const DOWNLOAD_TRIES = 3;
/** HTTP's word for "here is the rest" (RFC 9110 §15.3.7). */
const PARTIAL_CONTENT = 206;

function fill(template: string, version: string): string {
  const { os, arch } = platform();
  return template.replaceAll('{version}', version).replaceAll('{os}', os).replaceAll('{arch}', arch);
}

/** The SHA-256 that a checksum document publishes for a file: the only sum in it, or the one on the file's line. */
export function publishedSum(document: string, file: string): string | undefined {
  const lines = document.split('\n').map((line) => line.trim().split(/\s+\*?/));
  const line = lines.find(([, name]) => name === file) ?? lines.find(([sum, name]) => sum !== '' && name === undefined);
  const sum = line?.[0]?.toLowerCase();
  return sum !== undefined && /^[0-9a-f]{64}$/.test(sum) ? sum : undefined;
}

async function sizeOf(file: string): Promise<number> {
  return stat(file).then(
    ({ size }) => size,
    () => 0,
  );
}

/** Fetches the rest of a file onto what is already there. */
async function fetchRest(
  url: string,
  file: string,
  get: (url: string, from: number) => Promise<Response>,
): Promise<void> {
  const have = await sizeOf(file);
  const response = await get(url, have);
  if (!response.ok || response.body === null) throw new Error(`${new URL(url).host} answered ${response.status}`);
  // Chunk by chunk and not by a pipeline, which would throw away what it holds when the connection breaks.
  const handle = await open(file, response.status === PARTIAL_CONTENT ? 'a' : 'w');
  try {
    for await (const chunk of response.body) await handle.write(chunk);
  } finally {
    await handle.close();
  }
}

/**
 * Puts the official binary at `<staging>/<name>`. A site that can't be reached, or an answer that is not the file promised, is a miss.
 */
export async function downloadPart(
  name: PartName,
  version: string,
  pin: DownloadPin,
  staging: string,
  context: ObtainContext,
): Promise<Miss | undefined> {
  const { os, arch } = platform();
  if (!pin.platforms.includes(`${os}-${arch}`)) return { miss: `no official download for ${os}-${arch}` };
  const agent = new EnvHttpProxyAgent({
    connect: { timeout: DOWNLOAD_CONNECT_TIMEOUT_MS },
    bodyTimeout: DOWNLOAD_IDLE_TIMEOUT_MS,
    headersTimeout: DOWNLOAD_IDLE_TIMEOUT_MS,
  });
  const get = (url: string, from: number): Promise<Response> =>
    fetch(url, {
      dispatcher: agent,
      ...(from > 0 ? { headers: { range: `bytes=${from}-` } } : {}),
      ...(context.signal ? { signal: context.signal } : {}),
    });
  const url = fill(pin.url, version);
  const file = basename(url);
  const fetched = join(staging, 'fetched');
  try {
    const sums = await get(fill(pin.checksums, version), 0);
    const sum = sums.ok ? publishedSum(await sums.text(), file) : undefined;
    if (sum === undefined) return { miss: `${new URL(url).host} publishes no checksum for ${file}` };
    context.onEvent({ part: name, doing: 'downloading', note: `${file} from ${new URL(url).host}` });
    await fetchWithResume(url, fetched, get, context);
    const hash = createHash('sha256');
    await pipeline(createReadStream(fetched), hash);
    if (hash.digest('hex') !== sum) return { miss: `${file} did not have its published checksum` };
    await unpack(pin, version, fetched, staging, name);
    return undefined;
  } catch (thrown) {
    context.signal?.throwIfAborted();
    // Another way of obtaining it would meet the same disk.
    if (systemCode(thrown) === 'ENOSPC') throw thrown;
    return { miss: `${new URL(url).host} can't be had from: ${describeThrown(thrown)}` };
  } finally {
    await rm(fetched, { force: true });
    await agent.destroy();
  }
}

async function fetchWithResume(
  url: string,
  file: string,
  get: (url: string, from: number) => Promise<Response>,
  context: ObtainContext,
): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await fetchRest(url, file, get);
    } catch (thrown) {
      context.signal?.throwIfAborted();
      // Without a byte gained another try would meet the same end.
      if (attempt === DOWNLOAD_TRIES || (await sizeOf(file)) === 0) throw thrown;
    }
  }
}

async function unpack(
  pin: DownloadPin,
  version: string,
  fetched: string,
  staging: string,
  name: string,
): Promise<void> {
  if (pin.member === undefined) return copyFile(fetched, join(staging, name));
  const unpacked = join(staging, 'unpacked');
  await mkdir(unpacked);
  const member = fill(pin.member, version);
  await run('tar', ['-xf', fetched, '-C', unpacked, member]);
  await copyFile(join(unpacked, member), join(staging, name));
  await rm(unpacked, { recursive: true });
}
