import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { worldSchema } from '@lamplighter/fixtures';
import { freePort } from '@lamplighter/testbed';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { repositoryRoot, runCommand, startCommand } from './scratch.ts';

const NAME = `commands-${process.pid}`;
const worlds = join(repositoryRoot, '.lamplighter', 'worlds');
/** Enough to run the tools of this checkout, and nothing that the machine may happen to have. */
const TOOLS_ONLY = [join(repositoryRoot, 'node_modules', '.bin'), dirname(process.execPath)].join(':');

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
    expect(stderr).toContain(`try \`pnpm ${name.replace('world-', 'world:')} --help\``);
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
      /a whole number from 600 up is wanted/,
    ],
    ['a world that is not there', 'world-token.ts', ['ada', '--name', 'nowhere'], /No world named "nowhere" is ready/],
    [
      'a journey that does not exist',
      'e2e.ts',
      ['--journey', 'to-the-moon'],
      /There is no journey "to-the-moon": choose from oidc-pkce, token/,
    ],
    ['a stage that does not exist', 'test.ts', ['--only', 'luck'], /There is no stage "luck"/],
  ])('%s is one sentence and exit code 1', async (_what, script, args, sentence) => {
    const { code, stdout, stderr } = await runCommand(script, args);
    expect(code).toBe(1);
    expect(stdout + stderr).toMatch(sentence);
    expect(stderr).not.toContain('    at ');
  });

  it('without a compiler and without a network names the part, what was tried and the way out, and leaves nothing half-made', async () => {
    const cache = mkdtempSync(join(tmpdir(), 'lamplighter-cache-'));
    const closed = `http://127.0.0.1:${await freePort('127.0.0.1')}`;
    const env = {
      PATH: TOOLS_ONLY,
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
    rmSync(cache, { recursive: true });
  });
});

describe('a detached world', () => {
  let printed: string;
  beforeAll(async () => {
    const { code, stdout, stderr } = await runCommand('world-up.ts', ['--name', NAME, '--json']);
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
    const { stdout } = await runCommand('world-up.ts', ['--name', NAME, '--json']);
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
    expect(existsSync(join(worlds, NAME))).toBe(false);
    const again = await runCommand('world-down.ts', ['--name', NAME]);
    expect([again.code, again.stdout]).toEqual([0, `No world named "${NAME}" is running.\n`]);
  });
});

describe('a command that is interrupted', () => {
  it.each(['SIGINT', 'SIGTERM'] as const)(
    'by %s while its world comes up leaves nothing and says so by its exit code',
    async (signal) => {
      const name = `interrupted-${process.pid}`;
      const dev = startCommand('dev.ts', ['--name', name]);
      while (!dev.stderr().includes('etcd after')) {
        if (await Promise.race([dev.ended, new Promise((resolve) => setImmediate(resolve, undefined))])) break;
      }
      expect(existsSync(join(worlds, name))).toBe(true);
      dev.signal(signal);
      const { code } = await dev.ended;
      expect(code).toBe(signal === 'SIGINT' ? 130 : 143);
      expect(existsSync(join(worlds, name))).toBe(false);
    },
  );
});
