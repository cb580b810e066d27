import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import {
  cacheFolderOf,
  createAuthority,
  freePort,
  resolveParts,
  type StartedProcess,
  startProcess,
  startRedis,
  untilReady,
  waitFor,
} from '@lamplighter/testbed';
import { request } from 'undici';
import { afterAll, beforeAll, describe, expect, it, type TestContext } from 'vitest';
import { expand, readContainer, type StartableContainer, type Surroundings } from '../world/pod.ts';
import { amongMounts, whyNoPrivateMounts } from '../world/private-mounts.ts';
import { type StubIssuer, startStubIssuer } from '../world/stub-issuer.ts';
import { repositoryRoot, scratchFolder, skipBecause } from './scratch.ts';

const run = promisify(execFile);
const chart = join(repositoryRoot, 'charts', 'lamplighter');
const casesFolder = join(chart, 'tests', 'cases');
const goldenFolder = join(chart, 'tests', 'golden');
const serverMain = join(repositoryRoot, 'apps', 'server', 'src', 'main.ts');
const cases = readdirSync(casesFolder).map((file) => basename(file, '.yaml'));

/** As the cases' values write it. */
const ISSUER = 'https://idp.example.com:8443/dex';
const SECRET = 'a secret of the tests';
/** Of the whole 127.0.0.0/8 one that two runs at once hardly share: the issuer's port is written in the golden files. */
const ADDRESS = `127.83.${(process.pid >> 8) & 255}.${process.pid & 255 || 1}`;

interface SignIn {
  readonly pkce: boolean;
  readonly scope: string;
  /** How the client proves itself at the token endpoint. */
  readonly secret: string | null;
  /** Absent: built from the request. */
  readonly redirectUri?: string;
}

/** What each case's server must do when somebody begins to sign in; null: it has no provider. */
const signIns: Readonly<Record<string, SignIn | null>> = {
  defaults: null,
  'session-ttl': null,
  'file-store': null,
  'cluster-role-binding': null,
  'oidc-secret': {
    pkce: false,
    scope: 'openid profile email groups',
    secret: SECRET,
    redirectUri: 'https://lamplighter.example.com/oidc-callback',
  },
  'oidc-public-pkce': { pkce: true, scope: 'openid profile email', secret: null },
  'oidc-no-secret': { pkce: false, scope: 'openid profile email', secret: SECRET },
  'oidc-external-secret': { pkce: true, scope: 'openid email', secret: SECRET },
  'oidc-external-secret-public': { pkce: true, scope: 'openid profile email', secret: null },
  env: { pkce: true, scope: 'openid profile groups', secret: SECRET },
  'extra-env-and-args': { pkce: true, scope: 'openid profile email offline_access', secret: SECRET },
  'base-url': {
    pkce: false,
    scope: 'openid profile email',
    secret: SECRET,
    redirectUri: 'https://tools.example.com/lamp/oidc-callback',
  },
  'redis-two-replicas': {
    pkce: false,
    scope: 'openid profile email',
    secret: SECRET,
    redirectUri: 'https://lamplighter.example.com/oidc-callback',
  },
};

let stack: AsyncDisposableStack;
let root: string;
let helm: string;
let helmEnv: Record<string, string | undefined>;
let ca: string;
let issuer: StubIssuer;
let around: Surroundings;

beforeAll(async () => {
  stack = new AsyncDisposableStack();
  root = stack.use(scratchFolder()).root;
  const context = { env: process.env, cacheFolder: cacheFolderOf(process.env), onEvent: () => undefined };
  helm = (await resolveParts(['helm'], context)).get('helm')?.path ?? '';
  // Whoever runs this may have plugins and repositories of their own.
  helmEnv = { ...process.env, HELM_CACHE_HOME: root, HELM_CONFIG_HOME: root, HELM_DATA_HOME: root };
  const authority = await createAuthority('chart');
  const leaf = await authority.issue({ commonName: 'idp', serves: ['idp.example.com', ADDRESS] });
  ca = join(root, 'ca.crt');
  writeFileSync(ca, authority.certificate);
  writeFileSync(join(root, 'hosts'), `127.0.0.1 localhost\n${ADDRESS} idp.example.com\n`);
  issuer = stack.use(await startStubIssuer(ISSUER, { ...leaf, address: ADDRESS }));
  const client = { OIDC_CLIENT_ID: 'lamplighter', OIDC_ISSUER_URL: ISSUER };
  around = {
    namespace: 'lamplighter',
    configMaps: { 'kube-root-ca.crt': { 'ca.crt': authority.certificate } },
    secrets: {
      'headlamp-oidc': { ...client, OIDC_CLIENT_SECRET: SECRET, OIDC_SCOPES: 'openid,email' },
      'headlamp-oidc-public': client,
      'lamplighter-session-key': { 'session.key': randomBytes(32).toString('base64') },
      'lamplighter-store': { url: 'redis://127.0.0.1:1' },
    },
  };
});
afterAll(() => stack.disposeAsync());

async function template(args: readonly string[]): Promise<string> {
  const all = ['template', 'lamplighter', chart, '--namespace', 'lamplighter', ...args];
  return (await run(helm, all, { env: helmEnv })).stdout;
}

const valuesOf = (name: string): string[] => ['--values', join(casesFolder, `${name}.yaml`)];
const goldenOf = (name: string): string => join(goldenFolder, `${name}.yaml`);

describe('the chart, rendered by helm', () => {
  it.each(cases)('of the values %s is its golden file', async (name) => {
    const rendered = await template(valuesOf(name));
    if (process.env['UPDATE_GOLDEN']) writeFileSync(goldenOf(name), rendered);
    expect(rendered).toBe(readFileSync(goldenOf(name), 'utf8'));
  });

  it('has a golden file and an expectation for each case, and no other', () => {
    const golden = readdirSync(goldenFolder).map((file) => basename(file, '.yaml'));
    expect(golden.toSorted()).toEqual(cases.toSorted());
    expect(Object.keys(signIns).toSorted()).toEqual(cases.toSorted());
  });

  it('passes helm lint with the values of each case', async () => {
    for (const name of cases) await run(helm, ['lint', '--strict', chart, ...valuesOf(name)], { env: helmEnv });
  });

  it.each([
    ['two replicas with sessions in memory', ['replicaCount=2'], /2 replicas can't share sessions.store memory/],
    [
      'two replicas with sessions in a file',
      ['replicaCount=2', 'sessions.store=file'],
      /can't share sessions.store file/,
    ],
    ['a store that is none', ['sessions.store=valkey'], /"valkey" is none of memory, file and redis/],
    ['redis without its URL', ['sessions.store=redis'], /sessions.redis.secretName: is missing/],
    [
      'redis without shared keys',
      ['sessions.store=redis', 'sessions.redis.secretName=a'],
      /sessions.key.secretName: is missing/,
    ],
    [
      'an external Secret without a name',
      ['config.oidc.externalSecret.enabled=true'],
      /config.oidc.externalSecret.name: is missing/,
    ],
    ['a binding to no role', ['clusterRoleBinding.create=true'], /clusterRoleName: is missing/],
  ])('refuses %s with a sentence', async (_, values, sentence) => {
    await expect(template(values.flatMap((value) => ['--set', value]))).rejects.toThrow(sentence);
  });

  it('shows a client secret nowhere but in a Secret, however it was given', async () => {
    for (const name of cases) {
      const others = readFileSync(goldenOf(name), 'utf8')
        .split(/^---$/m)
        .filter((manifest) => !/^kind: Secret$/m.test(manifest));
      expect(others.join('\n')).not.toContain(SECRET);
    }
  });

  it('gives nobody a role unasked', async () => {
    expect(readFileSync(goldenOf('defaults'), 'utf8')).not.toMatch(/kind: (Cluster)?Role/);
    expect(readFileSync(goldenOf('cluster-role-binding'), 'utf8')).toMatch(/name: view$/m);
  });
});

describe('what kubelet does with arguments', () => {
  it('fills in what is set, leaves what is not, and takes two dollar signs for one', () => {
    expect(expand('-a=$(A) $(B) $$(A) $A', { A: '$(B)' })).toBe('-a=$(B) $(B) $(A) $A');
  });
});

/** Starts the server as the pod would, with nothing of this process's environment. */
async function startServer(
  container: StartableContainer,
  name: string,
): Promise<{ server: StartedProcess; origin: string; log: () => string }> {
  const folder = mkdtempSync(join(root, `${name}-`));
  const port = await freePort('127.0.0.1');
  const logFile = join(folder, 'server.log');
  const mounts = [...container.mounts, { path: '/etc/hosts', content: join(root, 'hosts') }];
  const [command, args] = amongMounts(mounts, [process.execPath, serverMain, ...container.args]);
  const nothing = Object.fromEntries(Object.keys(process.env).map((key) => [key, undefined]));
  const env = {
    ...nothing,
    PATH: process.env['PATH'],
    KUBERNETES_SERVICE_HOST: ADDRESS,
    KUBERNETES_SERVICE_PORT: '8443',
    NODE_EXTRA_CA_CERTS: ca,
    // The pod has the port for itself.
    LAMPLIGHTER_PORT: String(port),
    ...container.env,
  };
  const server = await startProcess({ name, command, args, cwd: folder, env, logFile });
  return { server, origin: `http://127.0.0.1:${port}`, log: () => readFileSync(logFile, 'utf8') };
}

async function get(url: string, headers: Record<string, string> = {}) {
  const { statusCode, headers: answered, body } = await request(url, { headers });
  await body.dump();
  const cookies = [answered['set-cookie'] ?? []].flat().map((cookie) => cookie.split(';')[0]);
  return { status: statusCode, location: String(answered['location'] ?? ''), cookie: cookies.join('; ') };
}

/** Begins to sign in and comes back with a code that the provider does not take. */
async function tryToSignIn(origin: string, basePath: string, { redirectUri }: SignIn): Promise<URL> {
  // As the proxy in front says it, of which the address registered speaks.
  const outside: Record<string, string> = redirectUri
    ? { host: new URL(redirectUri).host, 'x-forwarded-proto': 'https' }
    : {};
  const begun = await get(`${origin}${basePath}/oidc?cluster=main`, outside);
  expect(begun.status).toBe(302);
  const asked = new URL(begun.location);
  const back = `${basePath}/oidc-callback?code=none&state=${asked.searchParams.get('state')}`;
  await get(`${origin}${back}`, { ...outside, cookie: begun.cookie });
  return asked;
}

/** A Redis of this test's own, in the place of the one that the case's Secret names. */
async function withRedis(): Promise<{ around: Surroundings } & AsyncDisposable> {
  const redis = await startRedis(root);
  const secrets = { ...around.secrets, 'lamplighter-store': { url: redis.url } };
  return { around: { ...around, secrets }, [Symbol.asyncDispose]: () => redis[Symbol.asyncDispose]() };
}

async function skipWithoutMounts(context: TestContext): Promise<void> {
  const reason = await whyNoPrivateMounts(root);
  if (reason !== undefined) skipBecause(context, reason);
}

/** What lies, in the pod, at the path that this flag names. */
function fileOf(container: StartableContainer, flag: string): string | undefined {
  const path = container.args.find((argument) => argument.startsWith(`-${flag}=`))?.slice(flag.length + 2);
  const mount = container.mounts.find((candidate) => path?.startsWith(`${candidate.path}/`));
  return path && mount && join(mount.content, path.slice(mount.path.length));
}

describe('the server', () => {
  it.for(cases)('starts from the arguments and the environment of the golden file %s', async (name, context) => {
    await skipWithoutMounts(context);
    await using redis = name.startsWith('redis') ? await withRedis() : null;
    const container = readContainer(readFileSync(goldenOf(name), 'utf8'), redis?.around ?? around, root);
    const { server, origin } = await startServer(container, name);
    await using _ = server;
    await untilReady(server, {
      for: `${name} to answer its readiness probe`,
      timeoutMs: 30_000,
      givenUp: new AbortController().signal,
      probe: async () => (await get(`${origin}${container.readinessPath}`)).status === 200 || 'not ready',
    });
    expect((await get(`${origin}${container.livenessPath}`)).status).toBe(200);
    const storeFile = fileOf(container, 'session-store');
    if (storeFile !== undefined) expect(existsSync(storeFile)).toBe(true);
    const expected = signIns[name] ?? null;
    const basePath = container.livenessPath.replace(/\/healthz$/, '');
    if (expected === null) return expect((await get(`${origin}/oidc?cluster=main`)).status).toBeGreaterThanOrEqual(400);
    const proofsBefore = issuer.proofs.length;
    const asked = await tryToSignIn(origin, basePath, expected);
    expect(`${asked.origin}${asked.pathname}`).toBe(`${ISSUER}/auth`);
    expect(Object.fromEntries(asked.searchParams)).toMatchObject({
      client_id: 'lamplighter',
      scope: expected.scope,
      redirect_uri: expected.redirectUri ?? `${origin}/oidc-callback`,
    });
    expect(asked.searchParams.get('code_challenge_method')).toBe(expected.pkce ? 'S256' : null);
    await waitFor({
      for: 'the token request',
      timeoutMs: 5_000,
      probe: async () => issuer.proofs.length > proofsBefore || 'none',
    });
    const basic = expected.secret?.replaceAll(' ', '+');
    const proof = basic === undefined ? undefined : `Basic ${Buffer.from(`lamplighter:${basic}`).toString('base64')}`;
    expect(issuer.proofs.at(-1)).toBe(proof);
  });

  it('refuses, by name, the client secret that an external Secret of a public client lacks', async (context) => {
    await skipWithoutMounts(context);
    const values = valuesOf('oidc-external-secret-public');
    const rendered = await template([...values, '--set', 'config.oidc.externalSecret.hasClientSecret=true']);
    const { server, log } = await startServer(readContainer(rendered, around, root), 'lacking');
    expect(await server.exited).toMatchObject({ code: 1 });
    expect(log()).toMatch(/^lamplighter-server: --oidc-client-secret: .*nobody filled in/m);
  });
});
