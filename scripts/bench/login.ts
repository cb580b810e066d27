/** Owns `pnpm bench login`: what a session, a sign-in and a start cost. */
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { serverBuild, serverMain } from '../repository.ts';
import { startMeasuredServer } from './measured-server.ts';
import { measureSessions, type SessionFigures } from './sessions.ts';
import { measureSignIns, type SignInFigures } from './sign-ins.ts';
import { type Spread, spread } from './statistics.ts';
import { startStubApiServer } from './stub-api-server.ts';

const STARTS = 9;

export interface LoginFigures {
  readonly sessions: readonly SessionFigures[];
  readonly signIn: SignInFigures;
  /** Milliseconds from the process's start to ready, from source and, when it is there, from the build. */
  readonly readyAfterMs: Readonly<Record<string, Spread>>;
}

/** @param stores - name and flags of each store to measure. */
export async function measureLogin(
  stores: (folder: string) => Readonly<Record<string, readonly string[]>>,
  tell: (line: string) => void,
  signal: AbortSignal,
): Promise<LoginFigures> {
  await using stack = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), 'lamplighter-bench-'));
  stack.defer(() => rm(folder, { recursive: true, force: true }));
  const { kubeconfig } = stack.use(await startStubApiServer());
  const path = join(folder, 'kubeconfig');
  await writeFile(path, kubeconfig);
  const cluster = `--kubeconfig=${path}`;

  const readyAfterMs: Record<string, Spread> = {};
  for (const [what, main] of Object.entries({ source: serverMain, build: serverBuild })) {
    if (!existsSync(main)) continue;
    tell(`start to ready, from ${what}`);
    readyAfterMs[what] = spread(await timeStarts(main, [cluster], signal));
  }
  const sessions: SessionFigures[] = [];
  for (const [store, args] of Object.entries(stores(folder))) {
    tell(`sessions in ${store}`);
    sessions.push(await measureSessions(store, { main: serverMain, args: [cluster, ...args], signal }));
  }
  tell('sign-ins with Dex');
  return { sessions, signIn: await measureSignIns(serverMain, signal), readyAfterMs };
}

async function timeStarts(main: string, args: readonly string[], signal: AbortSignal): Promise<number[]> {
  const times: number[] = [];
  for (let at = 0; at < STARTS; at++) {
    await using server = await startMeasuredServer({ main, args: [...args, '--log-level=error'], signal });
    times.push(server.readyAfterMs);
  }
  return times;
}
