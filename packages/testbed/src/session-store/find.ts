/** Owns finding a Valkey or Redis server for the session store's tests, and obtaining one when there is none. */
import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { cacheFolderOf, platform } from '../parts/cache.ts';
import { onPath } from '../parts/find.ts';
import { withLock } from '../parts/lock.ts';
import { TestbedError } from '../process/errors.ts';
import { describeThrown } from '../process/wait.ts';
import { unpackDebianPackage } from './debian.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** The one that is free software first; both speak the same protocol. */
const COMMANDS = ['valkey-server', 'redis-server'];

async function runnable(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}

/** The folder of the one we obtained ourselves. */
function ownFolder(env: Environment): string {
  const { os, arch } = platform();
  return join(cacheFolderOf(env), 'parts', 'redis', `${os}-${arch}`);
}

/**
 * The path of a server: the one `LAMPLIGHTER_REDIS` names, one on PATH, or the one obtained earlier.
 *
 * @throws TestbedError `bad-input` when the variable names something that can't be run.
 */
export async function findRedis(env: Environment): Promise<string | undefined> {
  const named = env['LAMPLIGHTER_REDIS'];
  if (named) {
    if (await runnable(named)) return named;
    throw new TestbedError(
      'bad-input',
      `LAMPLIGHTER_REDIS names ${named}, which is not an executable file: correct or unset it.`,
    );
  }
  for (const name of COMMANDS) {
    const path = await onPath(name, env);
    if (path !== undefined) return path;
  }
  const own = join(ownFolder(env), 'redis-server');
  return (await runnable(own)) ? own : undefined;
}

/**
 * The path of a server, taken out of Debian's or Ubuntu's packages when none is found. Nothing is installed, so nothing starts by
 * itself and nobody need be root. Two callers at once unpack it once.
 *
 * @param tell Told when it is being obtained.
 * @throws TestbedError `part-unavailable` with the reason; the signal's reason when aborted.
 */
export async function obtainRedis(env: Environment, tell: (how: string) => void, signal: AbortSignal): Promise<string> {
  const found = await findRedis(env);
  if (found !== undefined) return found;
  const folder = ownFolder(env);
  const how = "taking a Redis server out of the system's packages (usually 10 s)";
  tell(how);
  try {
    return await withLock(
      join(folder, '..', 'builders'),
      () => tell('another process is obtaining a Redis server'),
      async () => (await findRedis(env)) ?? (await unpackDebianPackage(folder, env, signal)),
      signal,
    );
  } catch (thrown) {
    signal.throwIfAborted();
    throw new TestbedError(
      'part-unavailable',
      'No Valkey or Redis server was found and none could be obtained. Install one (Debian: apt-get install redis-server; macOS: brew install valkey), or set LAMPLIGHTER_REDIS to its path.',
      { details: describeThrown(thrown), cause: thrown },
    );
  }
}
