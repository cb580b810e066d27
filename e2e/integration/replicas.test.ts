import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Person } from '@lamplighter/fixtures';
import {
  answerDexForm,
  createWorld,
  freePort,
  logFolder,
  type StartedProcess,
  type StartedWorld,
  type StartTarget,
  startLamplighterServer,
  startRedis,
  type TargetInputs,
  type TrustingFetch,
  trustingFetch,
  waitFor,
} from '@lamplighter/testbed';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CookieJar } from '../world/cookie-jar.ts';
import { person } from '../world/fixture.ts';
import { type Front, startFront } from '../world/front.ts';
import { scratchFolder } from './scratch.ts';

const main = fileURLToPath(new URL('../../apps/server/src/main.ts', import.meta.url));
const CLUSTER = '/clusters/main';
/** Long enough to use one, short enough that a refresh is waited for in seconds. Its lead is 5 s. */
const ID_TOKEN_SECONDS = 20;
const LEAD_MS = 5_000;

interface Replica {
  readonly name: string;
  readonly url: string;
  readonly server: StartedProcess;
}

let stack: AsyncDisposableStack;
let world: StartedWorld;
let front: Front;
let trusting: TrustingFetch;
let inputs: TargetInputs;
let redisUrl: string;
const replicas = new Map<string, Replica>();

async function startReplica(name: string): Promise<Replica> {
  const { context, kubeconfig, provider, caFile, url } = inputs;
  const port = await freePort(context.address);
  const moreFlags = [`--session-store=${redisUrl}`, '--oidc-offline-access'];
  const callbackUrl = `${url}/oidc-callback`;
  const server = await startLamplighterServer({
    main,
    name,
    context,
    port,
    kubeconfig,
    provider,
    caFile,
    callbackUrl,
    moreFlags,
  });
  const replica = { name, url: `http://${context.address}:${port}`, server };
  replicas.set(name, replica);
  return replica;
}

function replica(name: string): Replica {
  const found = replicas.get(name);
  if (found === undefined) throw new Error(`There is no replica ${name}.`);
  return found;
}

beforeAll(async () => {
  stack = new AsyncDisposableStack();
  const { root } = stack.use(scratchFolder());
  redisUrl = stack.use(await startRedis(root)).url;
  const startTarget: StartTarget = async (given) => {
    inputs = given;
    const [a, b] = await Promise.all([startReplica('replica-a'), startReplica('replica-b')]);
    front = stack.use(await startFront(given.context.address, given.port, [a.url, b.url]));
  };
  world = stack.use(
    await createWorld({
      name: 'replicas',
      root,
      onEvent: () => undefined,
      startTarget,
      idTokenSeconds: ID_TOKEN_SECONDS,
    }).start(),
  );
  trusting = stack.use(trustingFetch(readFileSync(world.world.ca, 'utf8')));
});
afterAll(() => stack.disposeAsync());

/** Every audit line of every replica so far. */
function auditLines(
  action: string,
): { action: string; outcome: string; person: { name: string } | null; requestId: string }[] {
  return [...replicas.keys()].flatMap((name) =>
    readFileSync(join(logFolder(world.world), `${name}.log`), 'utf8')
      .split('\n')
      .filter((line) => line.includes('"event":"audit"') && line.includes(`"action":"${action}"`))
      .map((line) => JSON.parse(line)),
  );
}

async function signIn(who: Person, jar = new CookieJar(world.world.target.url)): Promise<CookieJar> {
  const start = await jar.ask('/oidc?cluster=main');
  const back = await answerDexForm(trusting, start.headers.get('location') ?? '', who);
  expect((await jar.ask(back)).status).toBe(303);
  return jar;
}

async function tokenExpiryOf(jar: CookieJar): Promise<number> {
  const answer = await jar.ask(`${CLUSTER}/session`);
  expect(answer.status).toBe(200);
  // The shape is wire.ts's SessionResponse, which this test's package may not import.
  const { tokenExpiresAt } = (await answer.json()) as { tokenExpiresAt: string };
  return Date.parse(tokenExpiresAt);
}

/** Without asking any server anything. */
function untilTime(what: string, at: number): Promise<void> {
  return waitFor({
    for: what,
    timeoutMs: 90_000,
    probe: async () => Date.now() >= at || `${at - Date.now()} ms to go`,
  });
}

describe('two replicas with one store and no sticky sessions', () => {
  it('finish each other’s sign-ins, and know each other’s sessions [C33]', async () => {
    const jar = new CookieJar(replica('replica-a').url);
    const start = await jar.ask('/oidc?cluster=main');
    const back = new URL(await answerDexForm(trusting, start.headers.get('location') ?? '', person('vera')));
    const onB = replica('replica-b').url + back.pathname + back.search;
    expect((await jar.ask(onB)).status).toBe(303);
    for (const { url } of replicas.values()) {
      const me = await jar.ask(`${url}${CLUSTER}/me`);
      expect(await me.json()).toMatchObject({ username: 'vera' });
    }
  });

  it('use a code up once, whichever of them is asked [C4]', async () => {
    const jar = new CookieJar(world.world.target.url);
    const start = await jar.ask('/oidc?cluster=main');
    const kept = jar.header;
    const back = new URL(await answerDexForm(trusting, start.headers.get('location') ?? '', person('vera')));
    const path = back.pathname + back.search;
    const answers = await Promise.all(
      [...replicas.values()].map(({ url }) => new CookieJar(url).ask(path, { headers: { cookie: kept } })),
    );
    expect(answers.map(({ status }) => status).toSorted()).toEqual([303, 400]);
  });

  it('refresh once for fifty requests at the edge, and every one of them succeeds [C34]', async () => {
    const jar = await signIn(person('devi'));
    const before = await tokenExpiryOf(jar);
    await untilTime('the edge of the token’s life', before - LEAD_MS / 2);
    const refreshed = auditLines('refresh').length;
    const answers = await Promise.all(
      Array.from({ length: 50 }, () => jar.ask(`${CLUSTER}/api/v1/namespaces/team-orchid/pods?limit=1`)),
    );
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 50 }, () => 200));
    expect(await tokenExpiryOf(jar)).toBeGreaterThan(before);
    // A server writes its log as it goes on: this later line says that all earlier ones are there.
    const signedOut = auditLines('sign_out').length;
    for (const { url } of replicas.values()) {
      const leaving = await signIn(person('vera'), new CookieJar(url));
      await leaving.ask(`${CLUSTER}/logout`, { method: 'POST' });
    }
    await expect.poll(() => auditLines('sign_out').length).toBe(signedOut + replicas.size);
    const outcomes = auditLines('refresh').slice(refreshed);
    expect(outcomes.map(({ outcome }) => outcome)).toEqual(['success']);
  });

  it('go on refreshing with a provider that rotates, past the first token’s whole life [C34]', async () => {
    const jar = await signIn(person('ada'));
    const first = await tokenExpiryOf(jar);
    await untilTime('the second refresh’s turn', first + ID_TOKEN_SECONDS * 1_000 - LEAD_MS / 2);
    // Idle past the end of its first bearer: the next request must not meet the cluster with it.
    expect((await jar.ask(`${CLUSTER}/api/v1/nodes`)).status).toBe(200);
    expect(await tokenExpiryOf(jar)).toBeGreaterThan(first + LEAD_MS);
  });

  it('know at once that a session was ended by the other [C29]', async () => {
    const jar = await signIn(person('noah'));
    const { url: a } = replica('replica-a');
    const { url: b } = replica('replica-b');
    const cookie = jar.header;
    const asks = (url: string, path: string) => new CookieJar(url).ask(`${CLUSTER}${path}`, { headers: { cookie } });
    expect((await asks(b, '/me')).status).toBe(200);
    const out = await new CookieJar(a).ask(`${CLUSTER}/logout`, { method: 'POST', headers: { cookie } });
    expect(out.status).toBe(200);
    const after = await Promise.all(
      ['/me', '/session', '/sessions', '/version', '/api/v1/pods'].map((path) => asks(b, path)),
    );
    expect(after.map(({ status }) => status)).toEqual([401, 401, 401, 401, 401]);
  });

  it('end a watch within two seconds when its session is ended on the other [C37]', async () => {
    const jar = await signIn(person('vera'));
    const cookie = jar.header;
    const path = `${CLUSTER}/api/v1/pods?watch=true`;
    const watch = await new CookieJar(replica('replica-b').url).ask(path, { headers: { cookie } });
    expect(watch.status).toBe(200);
    const text = watch.text();
    await new CookieJar(replica('replica-a').url).ask(`${CLUSTER}/logout`, { method: 'POST', headers: { cookie } });
    const ended = performance.now();
    const lines = (await text).trim().split('\n');
    expect(performance.now() - ended).toBeLessThan(2_000);
    expect(JSON.parse(lines.at(-1) ?? '')).toMatchObject({ type: 'ERROR', object: { kind: 'Status', code: 401 } });
  });

  it('lose no session and no sign-in when one of them is killed [C33]', async () => {
    const jar = await signIn(person('ada'));
    const begun = new CookieJar(replica('replica-a').url);
    const start = await begun.ask('/oidc?cluster=main');
    const killed = replica('replica-a');
    process.kill(killed.server.pid, 'SIGKILL');
    await killed.server.exited;
    front.servers.splice(0, front.servers.length, replica('replica-b').url);
    expect((await jar.ask(`${CLUSTER}/api/v1/nodes`)).status).toBe(200);
    const back = new URL(await answerDexForm(trusting, start.headers.get('location') ?? '', person('noah')));
    const done = await begun.ask(replica('replica-b').url + back.pathname + back.search);
    expect(done.status).toBe(303);
    // A new one in its place knows them all.
    const fresh = await startReplica('replica-c');
    const me = await begun.ask(`${fresh.url}${CLUSTER}/me`);
    expect(await me.json()).toMatchObject({ username: 'noah' });
  });
});
