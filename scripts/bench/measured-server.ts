/** Owns a lamplighter-server that is measured: started as an operator would, its address, its inspector and its end. */
import { spawn } from 'node:child_process';
import { setTimeout as pause } from 'node:timers/promises';
import { freePort, TestbedError, tiedToOurLife } from '@lamplighter/testbed';
import { fetch } from 'undici';

export interface MeasuredServer extends AsyncDisposable {
  readonly pid: number;
  readonly url: string;
  /** Null when it was not asked for. */
  readonly inspector: string | null;
  /** From the process's start to the first 200 of `/readyz`. */
  readonly readyAfterMs: number;
}

export interface MeasuredPlan {
  /** The entry, source or build. */
  readonly main: string;
  /** Default: a free port of 127.0.0.1. */
  readonly at?: { readonly address: string; readonly port: number };
  readonly args: readonly string[];
  readonly inspected?: true;
  readonly signal: AbortSignal;
}

/** How often readiness is asked: what a figure in milliseconds may be wrong by. */
const POLL_MS = 5;
const READY_TIMEOUT_MS = 20_000;

export async function startMeasuredServer(plan: MeasuredPlan): Promise<MeasuredServer> {
  const { address, port } = plan.at ?? { address: '127.0.0.1', port: await freePort('127.0.0.1') };
  const begun = performance.now();
  const inspect = plan.inspected === undefined ? [] : ['--inspect=127.0.0.1:0'];
  const args = [...inspect, plan.main, `--listen-addr=${address}`, `--port=${port}`, ...plan.args];
  const [command, rest] = tiedToOurLife(process.execPath, args);
  const child = spawn(command, rest, { stdio: ['ignore', 'ignore', 'pipe'], signal: plan.signal });
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    said += chunk;
  });
  const url = `http://${address}:${port}`;
  const stop = async (): Promise<void> => {
    child.kill('SIGTERM');
    await exited;
  };
  try {
    await untilReady(url, () => {
      if (child.exitCode !== null) throw new TestbedError('part-died', 'The measured server ended.', { details: said });
    });
  } catch (thrown) {
    await stop();
    throw thrown;
  }
  return {
    pid: child.pid ?? 0,
    url,
    inspector: /ws:\/\/\S+/.exec(said)?.[0] ?? null,
    readyAfterMs: performance.now() - begun,
    [Symbol.asyncDispose]: stop,
  };
}

/** Finer than the testbed's own wait, whose pauses are longer than what is measured here. */
async function untilReady(url: string, orThrow: () => void): Promise<void> {
  const deadline = performance.now() + READY_TIMEOUT_MS;
  while (performance.now() < deadline) {
    orThrow();
    const answer = await fetch(`${url}/readyz`).catch(() => null);
    if (answer?.status === 200) return;
    await pause(POLL_MS);
  }
  throw new TestbedError('wait-timed-out', `The measured server was not ready within ${READY_TIMEOUT_MS / 1_000} s.`);
}
