/** Owns how this checkout's own server becomes a world's target. */
import { type StartedProcess, startLamplighterServer, type TargetInputs } from '@lamplighter/testbed';
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

/** The target of `world:up` and `e2e`: the server with the built page. */
export async function startLamplighter(inputs: TargetInputs): Promise<void> {
  await startLamplighterServer({ ...planFor(inputs), port: inputs.port, page: webBuild });
}

/** The server behind something else that serves the page; its end is the caller's business. */
export async function startLamplighterBehind(inputs: TargetInputs, port: number): Promise<StartedProcess> {
  return startLamplighterServer({ ...planFor(inputs), port, mayEnd: true });
}
