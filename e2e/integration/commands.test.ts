import { spawn } from 'node:child_process';
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { worldSchema } from '@lamplighter/fixtures';
import { freePort, runningWorld, waitFor } from '@lamplighter/testbed';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isRunning, runCommand, scratchFolder, startCommand, TOOLS, worldsRoot } from './scratch.ts';

const NAME = `commands-${process.pid}`;

/** A detached world that goes with this process, should it be killed. */
const UP = ['--name', NAME, '--json', '--with-process', String(process.pid)];

describe('every command', () => {
  const commands = [
    'dev',
    'test',
    'check',
    'e2e',
    'bench',
    'preflight',
    'world-up',
    'world-down',
    'world-status',
    'world-token',
    'pins',
    'pictures',
  ];

  it.each(commands)('%s has a help that says what it does', async (name) => {
    const { code, stdout } = await runCommand(`${name}.ts`, ['--help']);
    expect(code).toBe(0);
    expect(stdout).toContain(`Usage: ${name.replace('world-', 'world:')}`);
  });

  it.each(commands)('%s refuses an option it does not know, names it and points to its help', async (name) => {
    const { code, stderr } = await runCommand(`${name}.ts`, ['--no-such-option']);
    expect(code).toBe(1);
    expect(stderr).toContain("unknown option '--no-such-option'");
    expect(stderr).toContain(`try \`npx pnpm@12 ${name.replace('world-', 'world:')} --help\``);
  });
});

describe('a wish that can not be met', () => {
  it.each([
    ['a name that is none', 'world-up.ts', ['--name', 'Not A Name'], /"Not A Name" can't be a world's name/],
    [
      'a runtime that is none',
      'dev.ts',
      ['--runtime', 'clouds'],
      /'clouds' is invalid.*Allowed choices are auto, native/,
    ],
    ['a provider that is none', 'e2e.ts', ['--provider', 'nobody'], /'nobody' is invalid.*Allowed choices are dex/],
    [
      'a person who is not in the cast',
      'world-token.ts',
      ['mallory'],
      /There is no "mallory": choose one of ada, devi, vera, noah/,
    ],
    [
      'a token that would live too short',
      'world-token.ts',
      ['ada', '--seconds', '5'],
      /a whole number from 600 to 4294967296 is wanted/,
    ],
    ['a world that is not there', 'world-token.ts', ['ada', '--name', 'nowhere'], /No world named "nowhere" is ready/],
    [
      'a journey that does not exist',
      'e2e.ts',
      ['--journey', 'to-the-moon'],
      /There is no journey "to-the-moon": choose from oidc-pkce, sessions, token/,
    ],
    ['a stage that does not exist', 'test.ts', ['--only', 'luck'], /There is no stage "luck"/],
  ])('%s is one sentence and exit code 1', async (_what, script, args, sentence) => {
    const { code, stdout, stderr } = await runCommand(script, args);
    expect(code).toBe(1);
    expect(stdout + stderr).toMatch(sentence);
    expect(stderr).not.toContain('    at ');
  });

  it('without a compiler and without a network names the part, what was tried and the way out, and leaves nothing half-made', async () => {
    using scratch = scratchFolder();
    const cache = scratch.root;
    const closed = `http://127.0.0.1:${await freePort('127.0.0.1')}`;
    const env = {
      PATH: TOOLS.join(':'),
      LAMPLIGHTER_CACHE: cache,
      HTTPS_PROXY: closed,
      https_proxy: closed,
      LAMPLIGHTER_ETCD: '',
    };
    const { code, stderr } = await runCommand('test.ts', ['--only', 'parts'], env);
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /etcd \S+ can't be had: .*not in the cache; github\.com can't be had from: .*no Go toolchain on PATH .*Install Go/,
    );
    expect(readdirSync(join(cache, 'parts', 'etcd'))).toEqual(['builders']);
  });
});

describe('a detached world', () => {
  let printed: string;
  beforeAll(async () => {
    const { code, stdout, stderr } = await runCommand('world-up.ts', UP);
    expect(stderr.includes('the world is up') && code === 0, stderr).toBe(true);
    printed = stdout;
  });
  afterAll(() => runCommand('world-down.ts', ['--name', NAME]));

  it('is printed as one object, and nothing else, for programs', async () => {
    const world = worldSchema.parse(JSON.parse(printed));
    expect(world.name).toBe(NAME);
    expect(Object.keys(world.providers)).toEqual(['dex']);
    expect(printed).not.toMatch(/secret|PRIVATE KEY/i);
    expect((await fetch(`${world.target.url}/config`)).status).toBe(200);
  });

  it('is the same one when it is asked for again', async () => {
    const { stdout } = await runCommand('world-up.ts', UP);
    expect(JSON.parse(stdout)).toEqual(JSON.parse(printed));
  });

  it('gives fresh tokens that the cluster accepts', async () => {
    const { code, stdout } = await runCommand('world-token.ts', ['vera', '--name', NAME]);
    expect(code).toBe(0);
    const { target } = worldSchema.parse(JSON.parse(printed));
    const me = await fetch(`${target.url}/clusters/main/me`, { headers: { authorization: `Bearer ${stdout.trim()}` } });
    expect(await me.json()).toMatchObject({ username: 'system:serviceaccount:people:vera' });
  });

  it('shows its parts, and says by exit code when one is lost', async () => {
    const whole = await runCommand('world-status.ts', ['--name', NAME, '--json']);
    expect(whole.code).toBe(0);
    const [row] = JSON.parse(whole.stdout).worlds;
    const dex = row.parts.find(({ name }: { name: string }) => name === 'dex');
    expect(dex.alive).toBe(true);
    process.kill(dex.pid, 'SIGKILL');
    const lost = await runCommand('world-status.ts', ['--name', NAME]);
    expect(lost.code).toBe(1);
    expect(lost.stdout).toContain('dex (DEAD)');
  });

  it('ends when it is told to, and leaves nothing', async () => {
    const { code, stdout } = await runCommand('world-down.ts', ['--name', NAME]);
    expect([code, stdout]).toEqual([0, `Ended: ${NAME}.\n`]);
    expect(existsSync(join(worldsRoot, NAME))).toBe(false);
    const again = await runCommand('world-down.ts', ['--name', NAME]);
    expect([again.code, again.stdout]).toEqual([0, `No world named "${NAME}" is running.\n`]);
  });
});

describe('a detached world that goes with a process', () => {
  it('ends when that does, and leaves nothing', async () => {
    const name = `with-${process.pid}`;
    const companion = spawn(process.execPath, ['-e', 'process.stdin.resume()'], {
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    const args = ['--name', name, '--with-process', String(companion.pid)];
    const { code, stderr } = await runCommand('world-up.ts', args);
    expect(code, stderr).toBe(0);
    const pids = runningWorld(worldsRoot, name)?.parts.map(({ pid }) => pid) ?? [];
    expect(pids.length).toBe(5);
    companion.stdin.end();
    await waitFor({
      for: 'the world to be gone',
      timeoutMs: 30_000,
      probe: async () => !existsSync(join(worldsRoot, name)) || 'its folder is still there',
    });
    expect(pids.filter(isRunning)).toEqual([]);
  });
});

describe("a report that goes to a folder of one's own", () => {
  it('leaves what is there when the run is refused', async () => {
    using scratch = scratchFolder();
    const precious = join(scratch.root, 'precious.txt');
    writeFileSync(precious, 'mine');
    const { code } = await runCommand('e2e.ts', ['--report', scratch.root, '--journey', 'to-the-moon']);
    expect(code).toBe(1);
    expect(readdirSync(scratch.root)).toEqual(['precious.txt']);
  });
});

describe('a command that is interrupted', () => {
  it.each(['SIGINT', 'SIGTERM'] as const)(
    'by %s while its world comes up leaves nothing and says so by its exit code',
    async (signal) => {
      const name = `interrupted-${process.pid}`;
      const dev = startCommand('dev.ts', ['--name', name]);
      await waitFor({
        for: 'etcd to be there',
        timeoutMs: 60_000,
        probe: async () => dev.stderr().includes('etcd after') || dev.stderr(),
      });
      expect(existsSync(join(worldsRoot, name))).toBe(true);
      dev.signal(signal);
      const { code } = await dev.ended;
      expect(code).toBe(signal === 'SIGINT' ? 130 : 143);
      expect(existsSync(join(worldsRoot, name))).toBe(false);
    },
  );
});
