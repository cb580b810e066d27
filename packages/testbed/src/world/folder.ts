/** Owns the folders of worlds: claiming one for a name, and clearing away those whose owner died. */
import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SOCKET_PATH_MOST_BYTES } from '../constants.ts';
import { systemCode, TestbedError } from '../process/errors.ts';
import { identify, isAlive, signalProcess } from '../process/identity.ts';
import { readState, writeState } from './state.ts';

/** A name is also a folder and part of a certificate. */
const NAME = /^[a-z0-9][a-z0-9-]{0,38}$/;
/** The longest file name a part puts into the socket folder. */
const LONGEST_SOCKET_NAME = 'egress.sock';

export interface ClaimedFolder {
  readonly folder: string;
  readonly socketFolder: string;
}

/** @throws TestbedError `bad-input` for a name that can't be a folder's. */
export function worldFolder(root: string, name: string): string {
  if (!NAME.test(name)) {
    throw new TestbedError('bad-input', `"${name}" can't be a world's name: use up to 39 of a-z, 0-9 and "-".`);
  }
  return join(root, name);
}

/** Ends what is left of a world and takes its folders away. */
function clear(folder: string): void {
  const state = readState(folder);
  for (const { identity } of state?.processes ?? []) signalProcess(identity, 'SIGKILL');
  if (state) rmSync(state.socketFolder, { recursive: true, force: true });
  rmSync(folder, { recursive: true, force: true });
}

/** Clears every world below `root` whose owner is no longer alive: what a kill -9 left behind. Resolves to their names. */
export function sweep(root: string): string[] {
  const dead = worldNames(root).filter((name) => {
    const state = readState(join(root, name));
    return state === undefined || !isAlive(state.owner);
  });
  for (const name of dead) clear(join(root, name));
  return dead;
}

/** The names of all folders below `root`, running or not. */
export function worldNames(root: string): string[] {
  try {
    return readdirSync(root);
  } catch (thrown) {
    if (systemCode(thrown) === 'ENOENT') return [];
    throw thrown;
  }
}

function socketFolderFor(folder: string): string {
  const longest = Buffer.byteLength(join(folder, LONGEST_SOCKET_NAME));
  return longest <= SOCKET_PATH_MOST_BYTES ? folder : mkdtempSync(join(tmpdir(), 'lamplighter-'));
}

/**
 * Claims the folder of a name. Its state is in it before it has its name, so nobody ever sees it without an owner.
 *
 * @throws TestbedError `world-exists` when a living world has that name.
 */
export function claimFolder(root: string, name: string): ClaimedFolder {
  const folder = worldFolder(root, name);
  const owner = identify(process.pid);
  if (owner === undefined) throw new TestbedError('world-exists', 'This process could not find its own start time.');
  sweep(root);
  mkdirSync(root, { recursive: true, mode: 0o700 });
  const unborn = join(root, `new-${process.pid}-${randomBytes(4).toString('hex')}`);
  mkdirSync(join(unborn, 'logs'), { recursive: true, mode: 0o700 });
  const socketFolder = socketFolderFor(folder);
  writeState(unborn, { owner, processes: [], socketFolder });
  try {
    renameSync(unborn, folder);
  } catch (thrown) {
    rmSync(unborn, { recursive: true });
    if (socketFolder !== folder) rmSync(socketFolder, { recursive: true });
    if (systemCode(thrown) !== 'ENOTEMPTY' && systemCode(thrown) !== 'EEXIST') throw thrown;
    throw new TestbedError(
      'world-exists',
      `A world named "${name}" is already running: end it with \`pnpm world:down --name ${name}\`, or choose another --name.`,
    );
  }
  return { folder, socketFolder };
}

/** Takes a world's own folders away at its end. */
export function releaseFolder({ folder, socketFolder }: ClaimedFolder): void {
  rmSync(socketFolder, { recursive: true, force: true });
  rmSync(folder, { recursive: true, force: true });
}

/**
 * The loopback address of a world: on Linux one of 127.0.0.2–251 by its folder, always the same for the same folder;
 * elsewhere only 127.0.0.1 is there.
 */
export function addressOf(folder: string): string {
  if (process.platform !== 'linux') return '127.0.0.1';
  return `127.0.0.${2 + (createHash('sha256').update(folder).digest().readUInt16BE() % 250)}`;
}
