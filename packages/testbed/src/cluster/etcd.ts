/** Owns starting etcd for one world: on a Unix socket in the world's own folder, so that it needs no port and no certificate. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { CLUSTER_READY_TIMEOUT_MS } from '../constants.ts';
import type { PartContext } from '../process/context.ts';
import { untilReady } from '../process/ready.ts';
import type { StartedProcess } from '../process/supervised.ts';

/** etcd reads `unix://<host>:<port>` as the relative file name `<host>:<port>`; a path of its own it does not take. */
const SOCKET_NAME = 'etcd:1';

export interface StartedEtcd extends StartedProcess {
  /** For the API server's `--etcd-servers`; relative to the socket folder, in which the API server must run too. */
  readonly endpoint: string;
}

/** Starts etcd; ready when its socket is there, which is all the API server needs to begin. */
export async function startEtcd(context: PartContext): Promise<StartedEtcd> {
  const { folder, socketFolder } = context;
  const endpoint = `unix://${SOCKET_NAME}`;
  const etcd = await context.start({
    name: 'etcd',
    command: context.binary('etcd'),
    cwd: socketFolder,
    args: [
      `--data-dir=${join(folder, 'etcd')}`,
      `--listen-client-urls=${endpoint}`,
      `--advertise-client-urls=${endpoint}`,
      '--listen-peer-urls=unix://etcd-peer:1',
      // A throw-away world may lose its data with the machine.
      '--unsafe-no-fsync',
      '--log-level=warn',
    ],
  });
  await untilReady(etcd, {
    for: 'etcd to open its socket',
    timeoutMs: CLUSTER_READY_TIMEOUT_MS,
    givenUp: context.signal,
    probe: async () => existsSync(join(socketFolder, SOCKET_NAME)) || 'no socket',
  });
  context.watch(etcd);
  return { ...etcd, endpoint };
}
