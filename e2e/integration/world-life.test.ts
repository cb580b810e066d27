import { readdirSync } from 'node:fs';
import { connect } from 'node:net';
import { createWorld, runningWorld, type StartedWorld, waitFor } from '@lamplighter/testbed';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isRunning, scratchFolder, startCommand, worldsRoot } from './scratch.ts';

let scratch: { root: string } & Disposable;
beforeEach(() => {
  scratch = scratchFolder();
});
afterEach(() => scratch[Symbol.dispose]());

function world(name: string, options: { signal?: AbortSignal; onReady?: (what: string) => void } = {}) {
  return createWorld({
    name,
    root: scratch.root,
    // These tests are about the parts; a target of their own would only slow them down.
    startTarget: async () => undefined,
    onEvent: (event) => event.kind === 'ready' && options.onReady?.(event.what),
    ...(options.signal ? { signal: options.signal } : {}),
  });
}

function pidsOf(name: string): Map<string, number> {
  return new Map(runningWorld(scratch.root, name)?.parts.map(({ name: part, pid }) => [part, pid]));
}

/** What begins with a dot is the testbed's own and no world. */
function worldsIn(root: string): string[] {
  return readdirSync(root).filter((name) => !name.startsWith('.'));
}

function isReachable(url: string): Promise<boolean> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve) => {
    const socket = connect({ host: hostname, port: Number(port) });
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}

describe('a world', () => {
  it('is up with its people, and leaves no process, no port and no folder when it is stopped', async () => {
    const ready: string[] = [];
    const started = await world('one', { onReady: (what) => ready.push(what) }).start();
    const pids = pidsOf('one');
    expect([...pids.keys()].sort()).toEqual(['dex', 'etcd', 'kube-apiserver', 'kube-controller-manager']);
    expect(ready).toEqual(
      expect.arrayContaining(['etcd', 'dex', 'kube-apiserver', 'people and workloads', 'issuers accepted']),
    );
    expect(readdirSync(`${started.world.dir}/logs`)).toEqual(
      expect.arrayContaining(['audit.log', 'dex.log', 'etcd.log', 'kube-apiserver.log', 'kube-controller-manager.log']),
    );
    const issuer = started.world.providers['dex']?.issuer ?? '';
    expect(await isReachable(issuer)).toBe(true);
    expect(await started.stop()).toEqual({ state: 'stopped', name: 'one' });
    expect([...pids.values()].filter(isRunning)).toEqual([]);
    expect(await isReachable(issuer)).toBe(false);
    expect(worldsIn(scratch.root)).toEqual([]);
  });

  it('runs beside another one, each with its own addresses', async () => {
    const [one, two] = await Promise.all([world('one').start(), world('two').start()]);
    await using _one: StartedWorld = one;
    await using _two: StartedWorld = two;
    expect(one.world.providers['dex']?.issuer).not.toBe(two.world.providers['dex']?.issuer);
    expect(one.world.target.url).not.toBe(two.world.target.url);
    expect(pidsOf('one').size + pidsOf('two').size).toBe(8);
  });

  it.each(['etcd', 'kube-apiserver', 'kube-controller-manager', 'dex'])(
    'reports %s by name when it is killed',
    async (part) => {
      await using started = await world('one').start();
      process.kill(pidsOf('one').get(part) ?? 0, 'SIGKILL');
      const death = await started.died;
      expect(death.message).toBe(`${part} ended unexpectedly by SIGKILL.`);
    },
  );

  it('that is given up half-way leaves nothing', async () => {
    const giveUp = new AbortController();
    let pids = new Map<string, number>();
    const onReady = (what: string): void => {
      if (what !== 'etcd') return;
      pids = pidsOf('one');
      giveUp.abort(new Error('no longer wanted'));
    };
    await expect(world('one', { signal: giveUp.signal, onReady }).start()).rejects.toThrow();
    expect(pids.size).toBeGreaterThan(0);
    expect([...pids.values()].filter(isRunning)).toEqual([]);
    expect(worldsIn(scratch.root)).toEqual([]);
  });

  it("whose part dies on its way up fails with that part's name, and leaves nothing", async () => {
    const onReady = (what: string): void => {
      if (what === 'etcd') process.kill(pidsOf('one').get('etcd') ?? 0, 'SIGKILL');
    };
    await expect(world('one', { onReady }).start()).rejects.toThrow('etcd ended unexpectedly by SIGKILL.');
    expect(worldsIn(scratch.root)).toEqual([]);
  });
});

describe('a world whose owner is killed with SIGKILL', () => {
  it('loses its processes with it, and its folder to the next start', async () => {
    const name = `killed-${process.pid}`;
    const owner = startCommand('supervisor.ts', [name]);
    const up = waitFor({
      for: 'the world to be up',
      timeoutMs: 60_000,
      probe: async () => runningWorld(worldsRoot, name)?.world !== undefined || 'not yet',
    });
    const ended = owner.ended.then(({ code }): never => {
      throw new Error(`the supervisor ended with ${code}`);
    });
    ended.catch(() => undefined);
    await Promise.race([up, ended]);
    const pids = runningWorld(worldsRoot, name)?.parts.map(({ pid }) => pid) ?? [];
    expect(pids.length).toBe(5);
    owner.signal('SIGKILL');
    await owner.ended;
    const gone = async (): Promise<true | string> => !pids.some(isRunning) || 'some are still there';
    await waitFor({ for: 'its processes to end', timeoutMs: 5_000, probe: gone });
    expect(worldsIn(worldsRoot)).toContain(name);
    await using _next = await createWorld({
      name: 'next',
      root: worldsRoot,
      startTarget: async () => undefined,
      onEvent: () => undefined,
    }).start();
    expect(worldsIn(worldsRoot)).not.toContain(name);
  });
});
