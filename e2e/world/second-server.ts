/** Owns a second server of the same world, for what the first one's registered address can't show. */
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort, type PartContext, startLamplighterServer, startProcess } from '@lamplighter/testbed';
import type { WorldHandle } from './fixture.ts';

const serverMain = fileURLToPath(new URL('../../apps/server/src/main.ts', import.meta.url));

/**
 * Starts it on a free port of the world's address; disposing ends it and takes its folder away. That holds the client's secret, so
 * it lies in the world's own: whoever clears a killed world clears it too.
 */
export async function startSecondServer(
  { world, secrets }: Pick<WorldHandle, 'world' | 'secrets'>,
  callbackUrl: string,
): Promise<{ url: string } & AsyncDisposable> {
  const { dex } = world.providers;
  if (dex === undefined) throw new Error('This world has no Dex.');
  await using stack = new AsyncDisposableStack();
  const folder = await mkdtemp(join(world.dir, 'second-server-'));
  stack.defer(() => rm(folder, { recursive: true, force: true }));
  const address = new URL(world.target.url).hostname;
  const port = await freePort(address);
  const start: PartContext['start'] = ({ name, command, args, cwd }) =>
    startProcess({ name, command, args, cwd, logFile: join(folder, `${name}.log`) });
  stack.use(
    await startLamplighterServer({
      main: serverMain,
      name: 'second-server',
      context: { start, folder, address, signal: new AbortController().signal },
      port,
      kubeconfig: join(world.dir, 'kubeconfig.public'),
      provider: { issuer: dex.issuer, client: { id: dex.clientId, secret: secrets.clientSecret } },
      caFile: world.ca,
      callbackUrl,
    }),
  );
  const kept = stack.move();
  return { url: `http://${address}:${port}`, [Symbol.asyncDispose]: () => kept.disposeAsync() };
}
