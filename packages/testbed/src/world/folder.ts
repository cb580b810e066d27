/** Owns the folders of worlds: claiming one for a name, releasing it, and clearing away those whose owner died. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SOCKET_PATH_MOST_BYTES } from '../constants.ts';
import { withLock } from '../parts/lock.ts';
import { systemCode, TestbedError } from '../process/errors.ts';
import { identify, isAlive, signalProcess } from '../process/identity.ts';
import { readState, writeState } from './state.ts';

/** A name is also a folder and part of a certificate. What begins with a dot is ours and no world. */
const NAME = /^[a-z0-9][a-z0-9-]{0,38}$/;
/** The longest file name a part puts into the socket folder. */
const LONGEST_SOCKET_NAME = 'egress.sock';
/** On Linux the whole of 127.0.0.0/8 is there; .1 is left to everybody else. */
const FIRST_ADDRESS = 2;
const ADDRESSES = 250;

export interface ClaimedFolder {
  readonly root: string;
  readonly folder: string;
  readonly socketFolder: string;
  /** The world's own loopback address. */
  readonly address: string;
}

/** @throws TestbedError `bad-input` for a name that can't be a folder's. */
export function worldFolder(root: string, name: string): string {
  if (!NAME.test(name)) {
    throw new TestbedError('bad-input', `"${name}" can't be a world's name: use up to 39 of a-z, 0-9 and "-".`);
  }
  return join(root, name);
}

/** The names of all worlds below `root`, running or not. */
export function worldNames(root: string): string[] {
  try {
    const entries = readdirSync(root, { withFileTypes: true });
    return entries.filter((entry) => entry.isDirectory() && NAME.test(entry.name)).map(({ name }) => name);
  } catch (thrown) {
    if (systemCode(thrown) === 'ENOENT') return [];
    throw thrown;
  }
}

/**
 * One at a time may look at worlds and change which there are: who looks, finds a world dead and clears it must be sure that
 * nobody has claimed its name in between.
 */
function alone<T>(root: string, work: () => T): Promise<T> {
  return withLock(
    join(root, '.lock'),
    () => undefined,
    async () => work(),
  );
}

function hasLivingOwner(folder: string): boolean {
  const state = readState(folder);
  return state !== undefined && isAlive(state.owner);
}

/** Ends what is left of a world and takes its folders away. */
function clear(folder: string): void {
  const state = readState(folder);
  for (const { identity } of state?.processes ?? []) signalProcess(identity, 'SIGKILL');
  if (state) rmSync(state.socketFolder, { recursive: true, force: true });
  rmSync(folder, { recursive: true, force: true });
}

function clearDead(root: string): string[] {
  const dead = worldNames(root).filter((name) => !hasLivingOwner(join(root, name)));
  for (const name of dead) clear(join(root, name));
  return dead;
}

/** Clears every world below `root` whose owner is no longer alive: what a kill -9 left behind. Resolves to their names. */
export async function sweep(root: string): Promise<string[]> {
  return existsSync(root) ? alone(root, () => clearDead(root)) : [];
}

function socketFolderFor(folder: string): string {
  const longest = Buffer.byteLength(join(folder, LONGEST_SOCKET_NAME));
  return longest <= SOCKET_PATH_MOST_BYTES ? folder : mkdtempSync(join(tmpdir(), 'lamplighter-'));
}

/**
 * An address no living world below `root` has, because browsers keep cookies by host and not by port. It begins with the
 * folder's own number, so that a world has the same address each time. Elsewhere than on Linux only 127.0.0.1 is there.
 */
function addressFor(root: string, folder: string): string {
  if (process.platform !== 'linux') return '127.0.0.1';
  const taken = new Set(worldNames(root).flatMap((name) => readState(join(root, name))?.address ?? []));
  const own = createHash('sha256').update(folder).digest().readUInt16BE();
  const all = Array.from({ length: ADDRESSES }, (_, at) => `127.0.0.${FIRST_ADDRESS + ((own + at) % ADDRESSES)}`);
  return all.find((address) => !taken.has(address)) ?? '127.0.0.1';
}

/** @throws TestbedError `world-exists` when a living world has that name. */
export function refuseLiving(root: string, name: string): void {
  if (!hasLivingOwner(worldFolder(root, name))) return;
  throw new TestbedError(
    'world-exists',
    `A world named "${name}" is already running: end it with world:down --name ${name}, or choose another --name.`,
  );
}

/**
 * Claims the folder of a name, clearing dead worlds first. From the first moment its state says whose it is.
 *
 * @throws TestbedError `world-exists` when a living world has that name.
 */
export async function claimFolder(root: string, name: string): Promise<ClaimedFolder> {
  const folder = worldFolder(root, name);
  const owner = identify(process.pid);
  if (owner === undefined) throw new TestbedError('part-died', 'This process could not find its own start time.');
  return alone(root, () => {
    clearDead(root);
    refuseLiving(root, name);
    const address = addressFor(root, folder);
    mkdirSync(join(folder, 'logs'), { recursive: true, mode: 0o700 });
    const socketFolder = socketFolderFor(folder);
    writeState(folder, { owner, processes: [], socketFolder, address });
    return { root, folder, socketFolder, address };
  });
}

/** Takes a world's own folders away at its end. */
export async function releaseFolder({ root, folder, socketFolder }: ClaimedFolder): Promise<void> {
  await alone(root, () => {
    rmSync(socketFolder, { recursive: true, force: true });
    rmSync(folder, { recursive: true, force: true });
  });
}
