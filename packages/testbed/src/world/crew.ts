/** Owns all processes of one world: on record from their first moment, watched once they are ready, ended together. */
import { join } from 'node:path';
import type { PartName } from '@lamplighter/fixtures';
import type { Part } from '../parts/part.ts';
import type { PartContext } from '../process/context.ts';
import { TestbedError } from '../process/errors.ts';
import { deathOf, type StartedProcess, startProcess } from '../process/supervised.ts';
import type { ClaimedFolder } from './folder.ts';
import { readState, writeState } from './state.ts';

export interface Crew extends AsyncDisposable {
  readonly context: PartContext;
  /** Resolves as soon as a watched part ends unasked; otherwise never. */
  readonly died: Promise<TestbedError>;
}

function note(folder: string, name: string, process: StartedProcess): void {
  const state = readState(folder);
  if (state === undefined || process.identity === undefined) return;
  writeState(folder, { ...state, processes: [...state.processes, { name, identity: process.identity }] });
}

/**
 * The crew of a claimed folder; nobody is aboard yet. Disposing ends everybody, and whoever comes aboard later at once.
 *
 * @param givenUp Aborted when the world is no longer wanted.
 */
export function createCrew(claimed: ClaimedFolder, parts: ReadonlyMap<PartName, Part>, givenUp: AbortSignal): Crew {
  const { folder, socketFolder, address } = claimed;
  const aboard: StartedProcess[] = [];
  const over = new AbortController();
  const signal = AbortSignal.any([givenUp, over.signal]);
  const { promise: died, resolve: report } = Promise.withResolvers<TestbedError>();
  const context: PartContext = {
    folder,
    socketFolder,
    address,
    signal,
    binary: (name) => {
      const part = parts.get(name);
      if (part === undefined) throw new Error(`${name} was never resolved for this world.`);
      return part.path;
    },
    logFile: (name) => join(folder, 'logs', `${name}.log`),
    start: async ({ name, command, args, cwd, env = {}, asked }) => {
      signal.throwIfAborted();
      const logFile = context.logFile(name);
      const stopSignal = asked ? 'SIGTERM' : 'SIGKILL';
      const process = await startProcess({ name, command, args, cwd, env, logFile, stopSignal });
      if (signal.aborted) {
        await process.stop();
        signal.throwIfAborted();
      }
      aboard.push(process);
      note(folder, name, process);
      return process;
    },
    watch: (process) => void process.endedUnasked.then((exit) => report(deathOf(process, exit))),
  };
  return {
    context,
    died,
    [Symbol.asyncDispose]: async () => {
      over.abort(new TestbedError('interrupted', 'The world is being taken down.'));
      await Promise.all(aboard.map((process) => process.stop()));
    },
  };
}
