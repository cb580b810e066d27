/** Owns how this checkout's own server becomes a world's target. */
import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { type StartedProcess, type StartTarget, startLamplighterServer, type TargetInputs } from '@lamplighter/testbed';
import { serverMain, webBuild } from '../repository.ts';

/** Everything about the server that the world decides. */
function planFor({ context, kubeconfig, provider, caFile, url }: TargetInputs) {
  return {
    main: serverMain,
    name: 'lamplighter-server',
    context,
    kubeconfig,
    provider,
    caFile,
    callbackUrl: `${url}/oidc-callback`,
  } as const;
}

/**
 * The target of `world:up` and `e2e`: the server with the built page.
 *
 * @param pageBuilt Resolves when the page is built, which may take place while the cluster comes up.
 */
export function lamplighterTarget(pageBuilt: Promise<void>): StartTarget {
  // The world may fail before anybody waits for the page.
  pageBuilt.catch(() => undefined);
  return async (inputs) => {
    await pageBuilt;
    // A copy of its own: the next build of the page must not change what a running world serves.
    const page = join(inputs.context.folder, 'page');
    await cp(webBuild, page, { recursive: true });
    const server = await startLamplighterServer({ ...planFor(inputs), port: inputs.port, page });
    inputs.context.watch(server);
  };
}

/** The server behind something else that serves the page; its end is the caller's business. */
export async function startLamplighterBehind(inputs: TargetInputs, port: number): Promise<StartedProcess> {
  return startLamplighterServer({ ...planFor(inputs), port });
}
