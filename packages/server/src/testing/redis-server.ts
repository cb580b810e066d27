/** Starts a real Valkey or Redis server on a Unix socket of its own, when there is one on this machine. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, constants, mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { createClient } from '@redis/client';

export interface RedisServer extends AsyncDisposable {
  /** For `--session-store`. */
  readonly url: string;
  /** As `kill -9` does. What it held is gone, as nothing is written to a disk. */
  kill(): Promise<void>;
  /** Stopped and gone on with, as by a machine that hangs: connections stay, answers do not come. */
  hang(hangs: boolean): void;
  start(): Promise<void>;
  /** Asked beside the store. */
  ask(...command: readonly string[]): Promise<unknown>;
}

/** The program's path; null when there is none. `LAMPLIGHTER_REDIS` names one. */
export function findRedisServer(): string | null {
  const { LAMPLIGHTER_REDIS, PATH = '' } = process.env;
  if (LAMPLIGHTER_REDIS !== undefined) return LAMPLIGHTER_REDIS;
  const folders = PATH.split(delimiter).filter((folder) => folder !== '');
  const paths = ['valkey-server', 'redis-server'].flatMap((name) => folders.map((folder) => join(folder, name)));
  return paths.find(isProgram) ?? null;
}

/** Why tests that need one are skipped. */
export const NO_REDIS_SERVER = 'no valkey-server or redis-server on PATH, and LAMPLIGHTER_REDIS names none';

/** @param password - demanded of every connection; the URL holds it. */
export async function startRedisServer(password?: string): Promise<RedisServer> {
  const program = findRedisServer();
  if (program === null) throw new Error(NO_REDIS_SERVER);
  const folder = mkdtempSync(join(tmpdir(), 'lamplighter-redis-'));
  const path = join(folder, 'redis.sock');
  // The store's URL has a host and a port; whatever comes in there goes on to the server's socket, so no port has to be guessed.
  const front = await startFront(path);
  let running = await spawnServer(program, folder, path, password);
  return {
    url: `redis://${password === undefined ? '' : `:${password}@`}127.0.0.1:${front.port}`,
    kill: () => running.kill(),
    hang: (hangs) => void process.kill(running.pid, hangs ? 'SIGSTOP' : 'SIGCONT'),
    start: async () => {
      running = await spawnServer(program, folder, path, password);
    },
    ask: async (...command) => {
      const client = createClient({ socket: { path, tls: false }, ...(password === undefined ? {} : { password }) });
      await client.connect();
      const reply: unknown = await client.sendCommand([...command]);
      client.destroy();
      return reply;
    },
    [Symbol.asyncDispose]: async () => {
      await front.close();
      await running.kill();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

interface RunningServer {
  readonly pid: number;
  kill(): Promise<void>;
}

/** The shell that started the server ends it when its own input ends: with the tests, however those end. */
const KEEPER = '"$0" "$@" </dev/null >/dev/null 2>&1 & echo $!; cat >/dev/null; kill -9 $!; wait';

async function spawnServer(program: string, folder: string, path: string, password?: string): Promise<RunningServer> {
  const settings = ['--port', '0', '--unixsocket', path, '--save', '', '--appendonly', 'no', '--dir', folder];
  if (password !== undefined) settings.push('--requirepass', password);
  const keeper = spawn('/bin/sh', ['-c', KEEPER, program, ...settings], { stdio: ['pipe', 'pipe', 'ignore'] });
  const ended = once(keeper, 'exit');
  const kill = async (): Promise<void> => {
    keeper.stdin.end();
    await ended;
  };
  const [pid] = await once(keeper.stdout, 'data');
  for (const until = performance.now() + 10_000; performance.now() < until; await wait(10)) {
    if (await answers(path)) return { pid: Number(pid), kill };
  }
  await kill();
  throw new Error(`${program} does not answer`);
}

/** Any answer to PING: also one that first wants a password. */
async function answers(path: string): Promise<boolean> {
  const socket = connect(path);
  try {
    await once(socket, 'connect');
    socket.write('PING\r\n');
    const [reply] = await once(socket, 'data');
    return /^(?:\+PONG|-NOAUTH)/.test(String(reply));
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

async function startFront(path: string): Promise<{ readonly port: number; close(): Promise<void> }> {
  const sockets = new Set<Socket>();
  const server = createServer((incoming) => {
    const onwards = connect(path);
    for (const [socket, other] of [
      [incoming, onwards],
      [onwards, incoming],
    ] as const) {
      sockets.add(socket);
      socket.pipe(other);
      socket.on('error', () => other.destroy());
      socket.on('close', () => {
        sockets.delete(socket);
        other.destroy();
      });
    }
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('it listens on a port');
  return {
    port: address.port,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
