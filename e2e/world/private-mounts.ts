/** Owns giving one program files at places this machine does not have, as a container has them: in a mount namespace that ends with it. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** What lies at `content` appears at `path`; both absolute. */
export interface Mount {
  readonly path: string;
  readonly content: string;
}

/**
 * Where a place can't be mounted on because it does not exist, the nearest folder above is covered by an empty one in which all that
 * was there is mounted again, reached through a handle that the cover does not hide. Nothing of this is seen outside.
 */
const MOUNT_AND_RUN = `set -e
while [ "$1" != -- ]; do
  path=$1 content=$2
  shift 2
  above=$path
  while [ ! -e "$above" ]; do above=$(dirname "$above"); done
  if [ "$above" != "$path" ]; then
    exec 9< "$above"
    mount -n -t tmpfs tmpfs "$above"
    for entry in /proc/self/fd/9/* /proc/self/fd/9/.[!.]*; do
      there=$above/\${entry#/proc/self/fd/9/}
      if [ -L "$entry" ]; then cp -P "$entry" "$there"
      elif [ -d "$entry" ]; then mkdir -p "$there"; mount -n -c --rbind "$entry" "$there"
      elif [ -e "$entry" ]; then : > "$there"; mount -n -c --bind "$entry" "$there"
      fi
    done
    exec 9<&-
    mkdir -p "$path"
  fi
  mount -n --bind "$content" "$path"
done
shift
exec "$@"`;

/** Root needs no user namespace, and where those are forbidden must not ask for one. */
const UNSHARE = process.getuid?.() === 0 ? ['-m'] : ['-Urm'];

/** The command line that runs a program among these mounts. */
export function amongMounts(mounts: readonly Mount[], command: readonly string[]): [string, string[]] {
  const pairs = mounts.flatMap(({ path, content }) => [path, content]);
  return ['unshare', [...UNSHARE, 'sh', '-c', MOUNT_AND_RUN, 'sh', ...pairs, '--', ...command]];
}

/** Why this machine has no private mounts; undefined when it has. */
export async function whyNoPrivateMounts(content: string): Promise<string | undefined> {
  if (process.platform !== 'linux') return 'private mounts are Linux only';
  const [command, args] = amongMounts([{ path: '/run/lamplighter-trial/here', content }], ['true']);
  return run(command, args).then(
    () => undefined,
    (thrown: unknown) => `no private mount namespace can be had here: ${String(thrown).split('\n').at(1) ?? ''}`,
  );
}
