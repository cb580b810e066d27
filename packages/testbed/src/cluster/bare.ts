/** Owns the bare pair etcd + kube-apiserver: the measure that a world's start time is held against. */
import type { PartName } from '@lamplighter/fixtures';
import type { Part } from '../parts/part.ts';
import { createCrew } from '../world/crew.ts';
import { claimFolder, releaseFolder } from '../world/folder.ts';
import { startApiServer, writeApiServerFiles } from './api-server.ts';
import { startEtcd } from './etcd.ts';

export interface BareControlPlane extends AsyncDisposable {
  /** From the first process to `/readyz`. */
  readonly readyAfterMs: number;
}

/** Starts the pair as a world does, with nothing else. */
export async function startBareControlPlane(
  root: string,
  name: string,
  parts: ReadonlyMap<PartName, Part>,
  signal: AbortSignal,
): Promise<BareControlPlane> {
  await using stack = new AsyncDisposableStack();
  const claimed = await claimFolder(root, name);
  stack.defer(() => releaseFolder(claimed));
  const { context } = stack.use(createCrew(claimed, parts, signal));
  const { createAuthority } = await import('../certificates/authority.ts');
  const authority = await createAuthority(name);
  const begun = performance.now();
  const [etcd, files] = await Promise.all([
    startEtcd(context),
    writeApiServerFiles(context.folder, context.address, authority),
  ]);
  await startApiServer(context, authority.certificate, { etcdEndpoint: etcd.endpoint, files });
  const readyAfterMs = performance.now() - begun;
  const kept = stack.move();
  return { readyAfterMs, [Symbol.asyncDispose]: () => kept.disposeAsync() };
}
