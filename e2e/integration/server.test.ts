import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { serviceAccountNamespace } from '@lamplighter/fixtures';
import {
  type ClusterClient,
  clusterClient,
  createWorld,
  freePort,
  logFolder,
  type StartedWorld,
  startLamplighterServer,
  type TrustingFetch,
  trustingFetch,
  waitFor,
} from '@lamplighter/testbed';
import { fetch } from 'undici';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startSecondServer } from '../world/second-server.ts';
import { runServer, scratchFolder } from './scratch.ts';

const main = fileURLToPath(new URL('../../apps/server/src/main.ts', import.meta.url));
const CLUSTER = '/clusters/main';

let stack: AsyncDisposableStack;
let world: StartedWorld;
let url: string;
let apiServer: string;
let straight: TrustingFetch;
let client: ClusterClient;

beforeAll(async () => {
  stack = new AsyncDisposableStack();
  const { root } = stack.use(scratchFolder());
  world = stack.use(
    await createWorld({
      name: 'server',
      root,
      onEvent: () => undefined,
      startTarget: async ({ context, port, kubeconfig, provider, caFile, url: targetUrl }) => {
        const callbackUrl = `${targetUrl}/oidc-callback`;
        await startLamplighterServer({
          main,
          name: 'lamplighter-server',
          context,
          port,
          kubeconfig,
          provider,
          caFile,
          callbackUrl,
        });
      },
    }).start(),
  );
  url = world.world.target.url;
  apiServer = /server: (\S+)/.exec(readFileSync(world.world.kubeconfig, 'utf8'))?.[1] ?? '';
  straight = stack.use(trustingFetch(readFileSync(world.world.ca, 'utf8')));
  client = await clusterClient(world.world.kubeconfig);
});
afterAll(() => stack.disposeAsync());

const tokenOf = (name: string): Promise<string> => client.serviceAccountToken(serviceAccountNamespace, name, 600);

/** A browser's half: signs in with a token and keeps the cookie. */
async function signIn(name: string): Promise<{ cookie: string }> {
  const response = await fetch(`${url}${CLUSTER}/set-token`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: url },
    body: JSON.stringify({ token: await tokenOf(name) }),
  });
  expect(response.status).toBe(200);
  const [cookie = ''] = response.headers.getSetCookie().map((set) => set.split(';')[0] ?? '');
  return { cookie };
}

/** The API server's audit entries whose address holds `marker`, once there are any. */
async function audited(
  marker: string,
): Promise<
  { auditID: string; user: { username: string }; impersonatedUser?: unknown; responseStatus: { code: number } }[]
> {
  const read = () =>
    readFileSync(join(logFolder(world.world), 'audit.log'), 'utf8')
      .split('\n')
      .filter((line) => line.includes(marker))
      .map((line) => JSON.parse(line));
  await waitFor({
    for: `an audit entry with ${marker}`,
    timeoutMs: 10_000,
    probe: async () => read().length > 0 || 'none',
  });
  return read();
}

describe('a request through the proxy', () => {
  it("reaches the API server as the person, and its answer is the API server's own", async () => {
    const { cookie } = await signIn('vera');
    const path = '/apis/apps/v1/deployments?limit=1&marker=same';
    const through = await fetch(`${url}${CLUSTER}${path}`, { headers: { cookie } });
    const headers = { authorization: `Bearer ${await tokenOf('vera')}` };
    const direct = await straight.fetch(`${apiServer}${path}`, { headers });
    expect(through.status).toBe(200);
    expect(await through.text()).toBe(await direct.text());
    expect(through.headers.get('content-type')).toBe(direct.headers.get('content-type'));
    const [first] = await audited('marker=same');
    expect(first?.user.username).toBe('system:serviceaccount:people:vera');
  });

  it("that the cluster refuses is the cluster's own refusal", async () => {
    const { cookie } = await signIn('vera');
    const refused = await fetch(`${url}${CLUSTER}/api/v1/secrets`, { headers: { cookie } });
    expect(refused.status).toBe(403);
    expect(await refused.json()).toMatchObject({ kind: 'Status', reason: 'Forbidden' });
    expect(refused.headers.get('lamplighter-reason')).toBeNull();
  });

  it('without a session is ours to refuse, and never reaches the API server as anybody', async () => {
    const refused = await fetch(`${url}${CLUSTER}/version?marker=nobody`);
    expect(refused.status).toBe(401);
    expect(refused.headers.get('lamplighter-reason')).not.toBeNull();
    const { cookie } = await signIn('vera');
    await fetch(`${url}${CLUSTER}/version?marker=somebody`, { headers: { cookie } });
    await audited('marker=somebody');
    expect(readFileSync(join(logFolder(world.world), 'audit.log'), 'utf8')).not.toContain('marker=nobody');
  });

  it('can not borrow another identity with headers', async () => {
    const { cookie } = await signIn('vera');
    const headers = {
      cookie,
      'impersonate-user': 'ada',
      'Impersonate-Group': 'system:masters',
      'x-remote-user': 'ada',
    };
    const refused = await fetch(`${url}${CLUSTER}/api/v1/secrets?marker=borrowed`, { headers });
    expect(refused.status).toBe(403);
    const [entry] = await audited('marker=borrowed');
    expect(entry).toMatchObject({ user: { username: 'system:serviceaccount:people:vera' } });
    expect(entry?.impersonatedUser).toBeUndefined();
  });

  it('may write when the cluster lets the person, and only from our own page', async () => {
    const { cookie } = await signIn('devi');
    const path = '/api/v1/namespaces/team-orchid/configmaps';
    const create = (name: string, extra: Record<string, string>) =>
      fetch(`${url}${CLUSTER}${path}`, {
        method: 'POST',
        headers: { cookie, 'content-type': 'application/json', ...extra },
        body: JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name } }),
      });
    expect((await create('from-our-page', { origin: url })).status).toBe(201);
    expect((await create('from-elsewhere', { origin: 'https://elsewhere.test' })).status).toBe(403);
    expect((await create('from-nowhere', {})).status).toBe(403);
    const names = await fetch(`${url}${CLUSTER}${path}`, { headers: { cookie } });
    const text = await names.text();
    expect([text.includes('from-our-page'), text.includes('from-elsewhere'), text.includes('from-nowhere')]).toEqual([
      true,
      false,
      false,
    ]);
  });
});

describe('the audit trail', () => {
  it('names each write by the id under which the API server audits it', async () => {
    const { cookie } = await signIn('devi');
    const path = '/api/v1/namespaces/team-orchid/configmaps?marker=joined';
    const written = await fetch(`${url}${CLUSTER}${path}`, {
      method: 'POST',
      headers: { cookie, origin: url, 'content-type': 'application/json', 'audit-id': 'chosen-by-the-client' },
      body: JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'joined' } }),
    });
    expect(written.status).toBe(201);
    const [entry] = await audited('marker=joined');
    expect(entry?.auditID).toMatch(/^[0-9a-f-]{36}$/);
    // The server writes its log as it goes on, so the answer may be here before the line is.
    const ours = (): unknown[] =>
      readFileSync(join(logFolder(world.world), 'lamplighter-server.log'), 'utf8')
        .split('\n')
        .filter((line) => line.includes('"action":"write"') && line.includes(entry?.auditID ?? 'none'))
        .map((line) => JSON.parse(line));
    await expect.poll(ours).toHaveLength(1);
    expect(ours()).toMatchObject([
      {
        requestId: entry?.auditID,
        verb: 'POST',
        cluster: 'main',
        outcome: 'success',
        status: 201,
        person: { name: 'system:serviceaccount:people:devi' },
      },
    ]);
  });
});

describe('a watch through the proxy', () => {
  it('brings each event as it happens and not when it ends', async () => {
    const { cookie } = await signIn('devi');
    const name = 'watched';
    const giveUp = new AbortController();
    const path = `/api/v1/namespaces/team-orchid/configmaps?watch=true&fieldSelector=metadata.name%3D${name}`;
    const watch = await fetch(`${url}${CLUSTER}${path}`, { headers: { cookie }, signal: giveUp.signal });
    expect(watch.status).toBe(200);
    const reader = watch.body?.pipeThrough(new TextDecoderStream()).getReader();
    if (reader === undefined) throw new Error('A watch has a body.');
    let seen = '';
    const until = async (mark: string): Promise<void> => {
      while (!seen.includes(mark)) seen += (await reader.read()).value ?? '';
    };
    const object = `${url}${CLUSTER}/api/v1/namespaces/team-orchid/configmaps`;
    const headers = { cookie, origin: url, 'content-type': 'application/json' };
    const body = JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name } });
    // Each event is awaited before the next one is caused: a buffering proxy would never bring the first.
    await fetch(object, { method: 'POST', headers, body });
    await until('"type":"ADDED"');
    await fetch(`${object}/${name}`, { method: 'DELETE', headers });
    await until('"type":"DELETED"');
    giveUp.abort();
  });
});

describe('a second server of the same world', () => {
  it("keeps its secrets below the world's own folder, and takes them away with it", async () => {
    const { world: described, secrets } = world;
    const folders = (): string[] => readdirSync(described.dir).filter((name) => name.startsWith('second-server-'));
    {
      await using second = await startSecondServer({ world: described, secrets }, secrets.captureUrl);
      expect((await fetch(`${second.url}/healthz`)).status).toBe(200);
      expect(folders()).toHaveLength(1);
    }
    expect(folders()).toEqual([]);
  });
});

describe('a server that can not do its work', () => {
  const flags = async (issuer: string, extra: string[] = []): Promise<string[]> => [
    `--kubeconfig=${join(world.world.dir, 'kubeconfig.public')}`,
    '--listen-addr=127.0.0.1',
    `--port=${await freePort('127.0.0.1')}`,
    '--oidc-client-id=lamplighter',
    `--oidc-issuer-url=${issuer}`,
    ...extra,
  ];
  const issuer = (): string => world.world.providers['dex']?.issuer ?? '';

  it('because its issuer writes itself otherwise, says both and that only a slash differs', async () => {
    const { code, stderr } = await runServer(await flags(`${issuer()}/`, [`--oidc-ca-file=${world.world.ca}`]));
    expect(code).toBe(1);
    expect(stderr).toContain(issuer());
    expect(stderr).toMatch(/slash/);
  });

  it("because it does not know who signed its issuer's certificate, names the flag for it", async () => {
    const { code, stderr } = await runServer(await flags(issuer()));
    expect(code).toBe(1);
    expect(stderr).toContain('--oidc-ca-file');
  });

  it('because its port is taken, names the port and ends with 98', async () => {
    const { port, hostname } = new URL(url);
    const taken = [
      ...(await flags(issuer(), [`--oidc-ca-file=${world.world.ca}`])),
      `--port=${port}`,
      `--listen-addr=${hostname}`,
    ];
    const { code, stderr } = await runServer(taken);
    expect(code).toBe(98);
    expect(stderr).toContain(port);
  });
});
