/** Owns the target of `pnpm dev`: the server and the page, both reloaded when their sources change. */
import { watch } from 'node:fs';
import { join } from 'node:path';
import {
  describeThrown,
  freePort,
  type StartedProcess,
  type StartTarget,
  type TargetInputs,
  untilReady,
} from '@lamplighter/testbed';
import { repositoryRoot, webFolder } from '../repository.ts';
import { startLamplighterBehind } from './lamplighter.ts';

/** An editor writes a file in several steps; one reload for all of them. */
const SETTLE_MS = 120;
const VITE_READY_TIMEOUT_MS = 30_000;

const SERVER_SOURCES = ['packages/auth-core/src', 'packages/proxy/src', 'packages/server/src', 'apps/server/src'];

async function startVite(inputs: TargetInputs, serverPort: number): Promise<void> {
  const { context, port, url } = inputs;
  const vite = await context.start({
    name: 'vite',
    command: process.execPath,
    args: [join(webFolder, 'node_modules', 'vite', 'bin', 'vite.js')],
    cwd: webFolder,
    env: {
      LAMPLIGHTER_SERVER_URL: `http://${context.address}:${serverPort}`,
      LAMPLIGHTER_WEB_HOST: context.address,
      LAMPLIGHTER_WEB_PORT: String(port),
    },
  });
  await untilReady(vite, {
    for: 'vite to serve the page',
    timeoutMs: VITE_READY_TIMEOUT_MS,
    givenUp: context.signal,
    probe: async (signal) => (await fetch(url, { signal })).ok || 'an error page',
  });
  context.watch(vite);
}

/** Calls `onChange` once for each burst of changes below the server's sources, until the signal is aborted. */
function watchSources(signal: AbortSignal, onChange: () => void): void {
  let settling: NodeJS.Timeout | undefined;
  for (const folder of SERVER_SOURCES) {
    watch(join(repositoryRoot, folder), { recursive: true, signal }, (_event, file) => {
      if (file === null || !file.endsWith('.ts') || file.endsWith('.test.ts')) return;
      clearTimeout(settling);
      settling = setTimeout(onChange, SETTLE_MS);
    });
  }
}

/** A server that is started anew on demand, one start at a time; demands during a start ask for exactly one more. */
class ReloadingServer {
  readonly #start: () => Promise<StartedProcess>;
  readonly #tell: (line: string) => void;
  #server: StartedProcess | undefined;
  #reloading = false;
  #again = false;

  constructor(start: () => Promise<StartedProcess>, tell: (line: string) => void) {
    this.#start = start;
    this.#tell = tell;
  }

  /** The first start; its failure is the caller's. */
  async begin(): Promise<void> {
    const server = await this.#start();
    this.#server = server;
    void server.endedUnasked.then(({ code, signal }) => {
      this.#tell(`✗ ${server.name} ended (${signal ?? code}); the next change starts it again\n${server.logTail()}`);
    });
  }

  /** Never rejects: a server that does not start is told, and the next change tries again. */
  async reload(givenUp: AbortSignal): Promise<void> {
    this.#again = true;
    if (this.#reloading) return;
    this.#reloading = true;
    while (this.#again && !givenUp.aborted) {
      this.#again = false;
      await this.#reloadOnce(givenUp);
    }
    this.#reloading = false;
  }

  async #reloadOnce(givenUp: AbortSignal): Promise<void> {
    const begun = performance.now();
    await this.#server?.stop();
    try {
      await this.begin();
      this.#tell(`↻ server reloaded in ${Math.round(performance.now() - begun)} ms`);
    } catch (thrown) {
      if (givenUp.aborted) return;
      this.#tell(`✗ the server did not start: ${describeThrown(thrown)}\n${this.#server?.logTail() ?? ''}`);
    }
  }
}

/**
 * The target for people who change the code: Vite in front serves the page and hands everything else to the server, which is
 * started anew on every change.
 *
 * @param tell Shown to the person at the terminal.
 */
export function reloadingTarget(tell: (line: string) => void): StartTarget {
  return async (inputs) => {
    const { context } = inputs;
    const port = await freePort(context.address);
    const server = new ReloadingServer(() => startLamplighterBehind(inputs, port), tell);
    await Promise.all([server.begin(), startVite(inputs, port)]);
    watchSources(context.signal, () => void server.reload(context.signal));
  };
}
