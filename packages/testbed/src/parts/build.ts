/** Owns building a part from source with the Go toolchain; Go's own build cache makes an interrupted build resumable. */
import { execFile, spawn } from 'node:child_process';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { goModulesFolder, type PartName, pins } from '@lamplighter/fixtures';
import semver from 'semver';
import { TestbedError } from '../process/errors.ts';
import { tiedToOurLife } from '../process/supervised.ts';
import { onPath } from './find.ts';
import type { Miss, ObtainContext } from './part.ts';

const run = promisify(execFile);
/** From this version on, Go fetches the newer toolchain that a go.mod asks for by itself (https://go.dev/doc/toolchain). */
const GO_FETCHES_TOOLCHAINS_SINCE = '1.21.0';
/** How much of a failed build's output is kept. */
const OUTPUT_LINES = 12;

/** Where the Go toolchain is, or why there is none that will do. */
export async function findGo(env: ObtainContext['env']): Promise<{ path: string; version: string } | Miss> {
  const wanted = pins.go.minimum;
  const path = await onPath('go', env);
  if (path === undefined) return { miss: `no Go toolchain on PATH (${wanted} or newer, https://go.dev/dl)` };
  try {
    const { stdout } = await run(path, ['env', 'GOVERSION', 'GOTOOLCHAIN'], { env: { ...env } });
    const [goVersion = '', toolchain = ''] = stdout.split('\n');
    const version = semver.coerce(goVersion)?.version ?? '0.0.0';
    const enough = toolchain.startsWith('local') ? wanted : GO_FETCHES_TOOLCHAINS_SINCE;
    if (semver.gte(version, wanted) || semver.gte(version, enough)) return { path, version };
    return { miss: `${path} is Go ${version}, ${wanted} or newer is needed (https://go.dev/dl)` };
  } catch {
    return { miss: `${path} does not run` };
  }
}

/** The failure for a full disk, whichever step met it. */
export function diskFull(name: PartName, cacheFolder: string, details = ''): TestbedError {
  return new TestbedError(
    'disk-full',
    `The disk is full: obtaining ${name} stopped half-way. Free about 6 GB, or set LAMPLIGHTER_CACHE (now ${cacheFolder}) and GOCACHE to a larger disk, and run the command again; it resumes.`,
    { details },
  );
}

/** Turns what a failed `go build` printed into one sentence with the way out. */
function buildFailure(
  name: PartName,
  cacheFolder: string,
  output: readonly string[],
  code: number | null,
): TestbedError {
  const details = output.join('\n');
  if (/no space left on device/i.test(details)) {
    return diskFull(name, cacheFolder, details);
  }
  if (/dial tcp|no such host|i\/o timeout|connection refused|proxyconnect/i.test(details)) {
    return new TestbedError(
      'build-failed',
      `Building ${name} needs its Go modules, and the module proxy can't be reached: check the network or GOPROXY, and run the command again; it resumes.`,
      { details },
    );
  }
  return new TestbedError('build-failed', `Building ${name} failed: go build ended with exit code ${code}.`, {
    details,
  });
}

/**
 * Builds `<staging>/<name>`, telling how many packages are done.
 *
 * @throws TestbedError `disk-full` or `build-failed`; the signal's reason when aborted.
 */
export async function buildPart(name: PartName, go: string, staging: string, context: ObtainContext): Promise<void> {
  const pin = pins.parts[name];
  const { folder, ldflags, usualPackages, usualSeconds } = pin.build;
  const flags = ldflags.replaceAll('{version}', pin.version);
  const tell = (packages: number): void =>
    context.onEvent({
      part: name,
      doing: 'building',
      note: `${packages} of about ${usualPackages} packages compiled`,
      usualSeconds,
    });
  tell(0);
  const out = join(staging, name);
  const [command, args] = tiedToOurLife(go, [
    'build',
    '-v',
    '-trimpath',
    '-ldflags',
    flags,
    '-o',
    out,
    pin.build.package,
  ]);
  // Go's working files lie with the half-made binary: on the same disk, and cleared with it whatever happens.
  const temporary = join(staging, 'go-build');
  await mkdir(temporary);
  const child = spawn(command, args, {
    cwd: join(goModulesFolder, folder),
    // The go.mod and go.sum beside it decide what is built, not a workspace or flags that happen to be set here.
    env: {
      ...context.env,
      CGO_ENABLED: '0',
      GOWORK: 'off',
      GOFLAGS: '-mod=readonly -buildvcs=false',
      GOTMPDIR: temporary,
    },
    stdio: ['ignore', 'ignore', 'pipe'],
    // A group of its own: an interruption ends compilers and linker too.
    detached: true,
  });
  const interrupt = (): void => {
    if (child.pid !== undefined) process.kill(-child.pid, 'SIGINT');
  };
  context.signal?.addEventListener('abort', interrupt, { once: true });
  const output: string[] = [];
  let packages = 0;
  createInterface({ input: child.stderr }).on('line', (line) => {
    output.push(line);
    if (output.length > OUTPUT_LINES) output.shift();
    // `go build -v` prints an import path a package; everything else has a blank in it.
    if (!line.includes(' ')) tell(++packages);
  });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  context.signal?.removeEventListener('abort', interrupt);
  context.signal?.throwIfAborted();
  await rm(temporary, { recursive: true, force: true });
  if (code !== 0) throw buildFailure(name, context.cacheFolder, output, code);
}
