/** Owns taking a Redis server out of Debian's or Ubuntu's packages without installing them. apt checks each against the archive's signature. */
import { execFile } from 'node:child_process';
import { chmod, mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
/** A package manager that is still at it after this long has met a problem of its own. */
const APT_TIMEOUT_MS = 5 * 60_000;
/** The server's own packages. Where the first is there already, apt would not name the second. */
const PACKAGES = ['redis-server', 'redis-tools'];

type Environment = Readonly<Record<string, string | undefined>>;
type Run = (command: string, args: readonly string[], cwd: string) => Promise<string>;

/** Beside the server, so that it finds its own libraries wherever the folder lies. */
const LAUNCHER = `#!/bin/sh
here=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd)
for folder in "$here"/root/usr/lib/*-linux-gnu* "$here"/root/lib/*-linux-gnu*; do
  LD_LIBRARY_PATH="$folder\${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}"
done
export LD_LIBRARY_PATH
exec "$here/root/usr/bin/redis-server" "$@"
`;

/** Lists of our own: they can be refreshed by anybody, and whatever the machine's say stays as it is. */
async function privateLists(staging: string): Promise<string[]> {
  const lists = join(staging, 'lists');
  const archives = join(staging, 'archives');
  await mkdir(join(lists, 'partial'), { recursive: true });
  await mkdir(join(archives, 'partial'), { recursive: true });
  return ['-o', `Dir::State::Lists=${lists}`, '-o', `Dir::Cache=${staging}`];
}

/** Downloads the server's packages and those of the libraries that this machine lacks. */
async function download(options: readonly string[], packages: string, ask: Run): Promise<void> {
  const simulated = await ask(
    'apt-get',
    [...options, 'install', '--simulate', '--no-install-recommends', ...PACKAGES],
    packages,
  );
  const lacking = [...simulated.matchAll(/^Inst (\S+) /gm)].map(([, name = '']) => name);
  await ask('apt-get', [...options, 'download', ...new Set([...PACKAGES, ...lacking])], packages);
}

/** What is in there appears at `folder` whole or not at all; call it under a lock. Resolves to the server's path. */
export async function unpackDebianPackage(folder: string, env: Environment, signal: AbortSignal): Promise<string> {
  const staging = join(dirname(folder), 'half-made');
  const packages = join(staging, 'packages');
  const root = join(staging, 'whole', 'root');
  const launcher = join(staging, 'whole', 'redis-server');
  const ask: Run = async (command, args, cwd) => {
    const options = { cwd, signal, timeout: APT_TIMEOUT_MS, env: { ...env, LC_ALL: 'C' } };
    return (await run(command, [...args], options)).stdout;
  };
  await rm(staging, { recursive: true, force: true });
  await mkdir(packages, { recursive: true });
  await mkdir(root, { recursive: true });
  try {
    try {
      await download([], packages, ask);
    } catch {
      signal.throwIfAborted();
      // A machine without package lists, or with lists that name what the archive has replaced since.
      const options = await privateLists(staging);
      await ask('apt-get', [...options, 'update', '-qq'], packages);
      await download(options, packages, ask);
    }
    for (const file of await readdir(packages)) await ask('dpkg-deb', ['-x', join(packages, file), root], packages);
    await writeFile(launcher, LAUNCHER);
    await chmod(launcher, 0o755);
    const said = await ask(launcher, ['--version'], packages);
    if (!/^(?:Redis|Valkey) server v=/.test(said)) throw new Error('what was unpacked is no Redis server');
    await rm(folder, { recursive: true, force: true });
    await rename(join(staging, 'whole'), folder);
    return join(folder, 'redis-server');
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
}
