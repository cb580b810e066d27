import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { afterAll, expect, test, vi } from 'vitest';

// Each starts whole processes; on a machine with other work to do that takes its time.
vi.setConfig({ testTimeout: 30_000 });

const folder = mkdtempSync(join(tmpdir(), 'lamplighter-main-'));
afterAll(() => rmSync(folder, { recursive: true }));
const kubeconfig = join(folder, 'config');
writeFileSync(
  kubeconfig,
  'clusters: [{name: c, cluster: {server: "https://127.0.0.1:1"}}]\ncontexts: [{name: main, context: {cluster: c}}]\n',
);
const GOOD = ['--kubeconfig', kubeconfig, '--listen-addr', '127.0.0.1'];

function start(argv: readonly string[]) {
  const { PATH = '' } = process.env;
  return spawn(process.execPath, [join(import.meta.dirname, 'main.ts'), ...argv], {
    env: { PATH, HOME: folder },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

async function run(argv: readonly string[]): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const child = start(argv);
  const [stdout, stderr, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  return { code: typeof code === 'number' ? code : null, stdout, stderr };
}

test('--help lists the flags and ends well', async () => {
  const { code, stdout, stderr } = await run(['--help']);
  expect([code, stderr]).toEqual([0, '']);
  expect(stdout).toContain('--oidc-issuer-url');
});

test('--version prints the version and ends well', async () => {
  expect(await run(['-version'])).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^lamplighter-server \d+\.\d+\.\d+\n$/),
  });
});

test('every mistake in the configuration is one plain sentence on stderr, and the exit code is 1', async () => {
  const { code, stdout, stderr } = await run(['--kubeconfig', '/nowhere/config', '--frobnicate', '--port=x']);
  expect([code, stdout]).toEqual([1, '']);
  expect(
    stderr
      .trimEnd()
      .split('\n')
      .map((line) => line.split(':').slice(0, 2).join(':')),
  ).toEqual(['lamplighter-server: --frobnicate', 'lamplighter-server: --port', 'lamplighter-server: --kubeconfig']);
  expect(await run(['--kubeconfig', '/nowhere/config'])).toEqual({
    code: 1,
    stdout: '',
    stderr: 'lamplighter-server: --kubeconfig: /nowhere/config does not exist.\n',
  });
});

test('a port in use ends with 98 and the way out', async () => {
  const taken = createServer().listen(0, '127.0.0.1');
  await once(taken, 'listening');
  const address = taken.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  expect(await run([...GOOD, `--port=${port}`])).toEqual({
    code: 98,
    stdout: '',
    stderr: `lamplighter-server: port ${port} is already in use; end the other program or choose another port with --port.\n`,
  });
  taken.close();
});

test('an address that is not ours ends with 1', async () => {
  const { code, stderr } = await run(['--kubeconfig', kubeconfig, '--port=0', '--listen-addr=192.0.2.1']);
  expect(code).toBe(1);
  expect(stderr).toMatch(/^lamplighter-server: 192\.0\.2\.1 is no address of this machine/);
});

test('a store that cannot be opened ends with 1 and names the file', async () => {
  const { code, stderr } = await run([...GOOD, '--port=0', '--session-store=/nowhere/sessions.db']);
  expect(code).toBe(1);
  expect(stderr).toMatch(
    /^lamplighter-server: the session store \/nowhere\/sessions\.db cannot be opened: .*--session-store\.\n$/,
  );
});

test('what stands in a path does nothing to the terminal it is shown on', async () => {
  const { code, stderr } = await run([...GOOD, '--port=0', '--session-store=/nowhere/\u001b[2J\u009b.db']);
  expect(code).toBe(1);
  expect(stderr).toContain('/nowhere/\\u{1b}[2J\\u{9b}.db');
  expect(stderr.trimEnd()).not.toMatch(/\p{Cc}/u);
});

test('an issuer that does not answer yet keeps nobody from starting, and the server says that it is not ready', async () => {
  const child = start([...GOOD, '--port=0', '--oidc-client-id=a', '--oidc-issuer-url=https://127.0.0.1:1/idp']);
  const closed = once(child, 'close');
  const url = await listeningUrl(child);
  expect((await fetch(`${url}/healthz`)).status).toBe(200);
  expect((await fetch(`${url}/readyz`)).status).toBe(503);
  child.kill();
  expect(await closed).toEqual([0, null]);
});

/** Warnings may come before it; what comes after it is read and dropped. */
function listeningUrl({ stdout }: ReturnType<typeof start>): Promise<string> {
  const listening = Promise.withResolvers<string>();
  const lines = createInterface(stdout);
  lines.on('line', (line) => {
    const { event, url } = JSON.parse(line);
    if (event === 'listening') listening.resolve(url);
  });
  lines.once('close', () => listening.reject(new Error('it ended before it listened')));
  return listening.promise;
}

test.each(['SIGTERM', 'SIGINT'] as const)('it says where it listens, answers, and ends well on %s', async (signal) => {
  const child = start([...GOOD, '--port=0']);
  const closed = once(child, 'close');
  const [line] = await once(child.stdout, 'data');
  const { event, url, sinceStartMs } = JSON.parse(String(line));
  expect([event, typeof sinceStartMs]).toEqual(['listening', 'number']);
  expect((await fetch(`${url}/healthz`)).status).toBe(200);
  child.kill(signal);
  expect(await closed).toEqual([0, null]);
});

test('`sessions list` reads the store of a server that runs, and `sessions` alone says what is missing', async () => {
  const path = join(folder, 'sessions.db');
  const child = start([...GOOD, '--port=0', `--session-store=${path}`]);
  const closed = once(child, 'close');
  await listeningUrl(child);
  expect(await run(['sessions', 'list', '--session-store', path])).toEqual({
    code: 0,
    stdout: 'No sessions.\n',
    stderr: '',
  });
  child.kill();
  await closed;
  expect(await run(['sessions'])).toEqual({
    code: 1,
    stdout: '',
    stderr: 'lamplighter-server: say `sessions list` or `sessions end`.\n',
  });
});

test('`sessions --help` says how', async () => {
  const { code, stdout, stderr } = await run(['sessions', '--help']);
  expect([code, stderr]).toEqual([0, '']);
  expect(stdout).toContain('sessions end --user');
});
