/** Owns what a sign-in with the provider costs our server: its start and its callback, with a real Dex between them. */
import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { people } from '@lamplighter/fixtures';
import { answerDexForm, createWorld, type StartTarget, type TargetInputs, trustingFetch } from '@lamplighter/testbed';
import { fetch } from 'undici';
import { worldsRoot } from '../repository.ts';
import { cpuMicroseconds } from './cpu.ts';
import { type MeasuredServer, startMeasuredServer } from './measured-server.ts';

const SIGN_INS = 60;
/** The first ones are the compiler's. */
const WARM_UP = 20;

export interface SignInFigures {
  readonly signIns: number;
  readonly startMs: number;
  readonly callbackMs: number;
}

interface Begun {
  readonly provider: string;
  readonly cookie: string;
}

/** A world with Dex whose target is the measured server, and sixty sign-ins one after another. */
export async function measureSignIns(main: string, signal: AbortSignal): Promise<SignInFigures> {
  await using stack = new AsyncDisposableStack();
  const started: MeasuredServer[] = [];
  const startTarget: StartTarget = async (inputs) => {
    started.push(stack.use(await startTargetServer(main, inputs, signal)));
  };
  const name = `bench-${process.pid}`;
  const { world } = stack.use(
    await createWorld({ name, root: worldsRoot, startTarget, onEvent: () => undefined, signal }).start(),
  );
  const [server] = started;
  if (server === undefined) throw new Error('The world has no target.');
  const [person] = people;
  if (person === undefined) throw new Error('The cast is empty.');
  const trusting = stack.use(trustingFetch(readFileSync(world.ca, 'utf8')));
  const one = async (): Promise<{ start: number; callback: number }> => {
    const before = cpuMicroseconds(server.pid);
    const begun = await begin(server.url);
    const started = cpuMicroseconds(server.pid);
    const callback = await answerDexForm(trusting, begun.provider, person);
    const back = cpuMicroseconds(server.pid);
    const done = await fetch(callback, { headers: { cookie: begun.cookie }, redirect: 'manual' });
    if (done.status !== 303) throw new Error(`The callback answered ${done.status}: ${await done.text()}`);
    return { start: started - before, callback: cpuMicroseconds(server.pid) - back };
  };
  for (let at = 0; at < WARM_UP; at++) await one();
  const costs: { start: number; callback: number }[] = [];
  for (let at = 0; at < SIGN_INS; at++) costs.push(await one());
  const mean = (of: 'start' | 'callback'): number =>
    costs.reduce((total, cost) => total + cost[of], 0) / costs.length / 1_000;
  return { signIns: SIGN_INS, startMs: mean('start'), callbackMs: mean('callback') };
}

/** As a world starts its target, less what is not measured: sessions in memory, no page. */
async function startTargetServer(main: string, inputs: TargetInputs, signal: AbortSignal): Promise<MeasuredServer> {
  const { context, port, kubeconfig, provider, caFile, url } = inputs;
  const secret = join(context.folder, 'bench.secret');
  await writeFile(secret, provider.client.secret, { mode: 0o600 });
  const args = [
    `--kubeconfig=${kubeconfig}`,
    `--oidc-client-id=${provider.client.id}`,
    `--oidc-client-secret-file=${secret}`,
    `--oidc-issuer-url=${provider.issuer}`,
    `--oidc-ca-file=${caFile}`,
    `--oidc-callback-url=${url}/oidc-callback`,
    '--oidc-scopes=profile,email,groups',
    '--oidc-use-pkce',
  ];
  return startMeasuredServer({ main, at: { address: context.address, port }, args, signal });
}

async function begin(url: string): Promise<Begun> {
  const answer = await fetch(`${url}/oidc?cluster=main`, { redirect: 'manual' });
  const provider = answer.headers.get('location');
  if (provider === null) throw new Error(`The sign-in's start answered ${answer.status}.`);
  return {
    provider,
    cookie: answer.headers
      .getSetCookie()
      .map((set) => set.split(';')[0])
      .join('; '),
  };
}
