import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { freePort } from '../process/ports.ts';
import { waitFor } from '../process/wait.ts';
import { platform } from './cache.ts';
import { downloadPart, publishedSum } from './download.ts';
import type { Miss, ObtainEvent } from './part.ts';

const BINARY = Buffer.alloc(300_000, 'the binary ');
const sha256 = (data: Buffer): string => createHash('sha256').update(data).digest('hex');

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

let folder: string;
let staging: string;
let server: Server;
let origin: string;
let answers: Record<string, Answer>;
let asked: string[];
let events: ObtainEvent[];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'download-'));
  staging = join(folder, 'staging');
  mkdirSync(staging);
  answers = {};
  asked = [];
  events = [];
  server = createServer((request, response) => {
    asked.push(`${request.url} ${request.headers.range ?? ''}`.trim());
    const answer = answers[request.url ?? ''];
    if (answer) answer(request, response);
    else response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  origin = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  rmSync(folder, { recursive: true });
});

function download(
  pin: { url?: string; checksums?: string; member?: string; platforms?: string[] } = {},
): Promise<Miss | undefined> {
  const { os, arch } = platform();
  const whole = {
    platforms: [`${os}-${arch}`],
    url: `${origin}/v{version}/dex`,
    checksums: `${origin}/v{version}/dex.sha256`,
    ...pin,
  };
  const context = { env: {}, cacheFolder: folder, onEvent: (event: ObtainEvent) => events.push(event) };
  return downloadPart('dex', '1.2.3', whole, staging, context);
}

const publish = (sum: string): void => {
  answers['/v1.2.3/dex.sha256'] = (_request, response) => response.end(`${sum}\n`);
};
/** Bytes are on the client's disk. */
const somethingArrived = (): Promise<void> => {
  const probe = async (): Promise<true | string> => statSync(join(staging, 'fetched')).size > 0 || 'nothing yet';
  return waitFor({ for: 'the first bytes', timeoutMs: 10_000, probe });
};
const obtained = (): Buffer => readFileSync(join(staging, 'dex'));

describe('an official download', () => {
  it('is kept when it has its published checksum, and is told while it runs', async () => {
    publish(sha256(BINARY));
    answers['/v1.2.3/dex'] = (_request, response) => response.end(BINARY);
    expect(await download()).toBeUndefined();
    expect(obtained().equals(BINARY)).toBe(true);
    expect(readdirSync(staging)).toEqual(['dex']);
    expect(events).toEqual([
      { part: 'dex', doing: 'downloading', note: expect.stringContaining('dex from 127.0.0.1') },
    ]);
  });

  it('is taken out of its archive', async () => {
    mkdirSync(join(folder, 'pack', 'dex-1.2.3'), { recursive: true });
    writeFileSync(join(folder, 'pack', 'dex-1.2.3', 'dex'), BINARY);
    const archive = join(folder, 'dex.tar.gz');
    execFileSync('tar', ['-czf', archive, '-C', join(folder, 'pack'), 'dex-1.2.3']);
    const packed = readFileSync(archive);
    answers['/SHA256SUMS'] = (_request, response) =>
      response.end(`${sha256(BINARY)}  other.tar.gz\n${sha256(packed)}  dex.tar.gz\n`);
    answers['/dex.tar.gz'] = (_request, response) => response.end(packed);
    const pin = { url: `${origin}/dex.tar.gz`, checksums: `${origin}/SHA256SUMS`, member: 'dex-{version}/dex' };
    expect(await download(pin)).toBeUndefined();
    expect(obtained().equals(BINARY)).toBe(true);
  });

  it('is refused when its checksum is another, and nothing of it is left', async () => {
    publish(sha256(Buffer.from('what was promised')));
    answers['/v1.2.3/dex'] = (_request, response) => response.end(BINARY);
    expect(await download()).toEqual({ miss: 'dex did not have its published checksum' });
    expect(readdirSync(staging)).toEqual([]);
  });

  it('that breaks off half-way is taken up where it broke', async () => {
    publish(sha256(BINARY));
    answers['/v1.2.3/dex'] = (request, response) => {
      const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
      if (from > 0) {
        response.writeHead(206).end(BINARY.subarray(from));
        return;
      }
      response.writeHead(200, { 'content-length': BINARY.length });
      response.write(BINARY.subarray(0, 100_000));
      void somethingArrived().then(() => response.destroy());
    };
    expect(await download()).toBeUndefined();
    expect(obtained().equals(BINARY)).toBe(true);
    expect(asked.at(-1)).toMatch(/^\/v1\.2\.3\/dex bytes=[1-9]\d*-$/);
  });

  it('that is started over by a server without ranges is not doubled', async () => {
    publish(sha256(BINARY));
    let tries = 0;
    answers['/v1.2.3/dex'] = (_request, response) => {
      response.writeHead(200, { 'content-length': BINARY.length });
      if (tries++ > 0) {
        response.end(BINARY);
        return;
      }
      response.write(BINARY.subarray(0, 100_000));
      // Cut before anything was on the client's disk, it would rightly not be tried again.
      void somethingArrived().then(() => response.destroy());
    };
    expect(await download()).toBeUndefined();
    expect(obtained().equals(BINARY)).toBe(true);
  });

  it('that is not there is a miss that names the site and its answer', async () => {
    publish(sha256(BINARY));
    expect(await download()).toEqual({
      miss: expect.stringMatching(/^127\.0\.0\.1:\d+ can't be had from: .* answered 404$/),
    });
  });

  it('is not even begun without a published checksum', async () => {
    expect(await download()).toEqual({ miss: expect.stringContaining('publishes no checksum for dex') });
    expect(asked).toEqual(['/v1.2.3/dex.sha256']);
  });

  it('from a site that can not be reached is a miss, not a failure', async () => {
    const closed = `http://127.0.0.1:${await freePort('127.0.0.1')}`;
    expect(await download({ url: `${closed}/dex`, checksums: `${closed}/dex.sha256` })).toEqual({
      miss: expect.stringContaining('ECONNREFUSED'),
    });
  });

  it('is not asked for where no official file exists', async () => {
    expect(await download({ platforms: ['plan9-mips'] })).toEqual({
      miss: expect.stringContaining('no official download for'),
    });
    expect(asked).toEqual([]);
  });
});

describe('reading published checksums', () => {
  const sum = 'a'.repeat(64);
  it.each([
    ['a lone sum', `${sum}\n`, sum],
    ['the line of the file', `${'b'.repeat(64)}  other\n${sum} *dex\n`, sum],
    ['upper case', `${sum.toUpperCase()}  dex`, sum],
    ['only other files', `${'b'.repeat(64)}  other\n`, undefined],
    ['an error page', '<html>not found</html>', undefined],
    ['an empty answer', '', undefined],
  ])('finds the right one in %s', (_what, document, expected) => {
    expect(publishedSum(document, 'dex')).toBe(expected);
  });
});
