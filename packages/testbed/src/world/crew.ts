/** Owns all processes of one world: on record from their first moment, watched while they run, ended together. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { PartName } from '@lamplighter/fixtures';
import type { Part } from '../parts/part.ts';
import type { PartContext } from '../process/context.ts';
import type { TestbedError } from '../process/errors.ts';
import { deathOf, type StartedProcess, startProcess } from '../process/supervised.ts';
import { addressOf, type ClaimedFolder } from './folder.ts';
import { readState, writeState } from './state.ts';

export interface Crew extends AsyncDisposable {
  readonly context: PartContext;
  /** Resolves as soon as a part ends that should not have; otherwise never. */
  readonly died: Promise<TestbedError>;
}

function note(folder: string, name: string, process: StartedProcess): void {
  const state = readState(folder);
  // Gone: the world is being taken down while this part was still on its way up.
  if (state === undefined || process.identity === undefined) return;
  writeState(folder, { ...state, processes: [...state.processes, { name, identity: process.identity }] });
}

/** The crew of a claimed folder; nobody is aboard yet. */
export function createCrew(claimed: ClaimedFolder, parts: ReadonlyMap<PartName, Part>, signal: AbortSignal): Crew {
  const { folder, socketFolder } = claimed;
  const aboard: StartedProcess[] = [];
  const { promise: died, resolve: report } = Promise.withResolvers<TestbedError>();
  mkdirSync(join(folder, 'logs'), { recursive: true });
  const context: PartContext = {
    folder,
    socketFolder,
    address: addressOf(folder),
    signal,
    binary: (name) => {
      const part = parts.get(name);
      if (part === undefined) throw new Error(`${name} was never resolved for this world.`);
      return part.path;
    },
    logFile: (name) => join(folder, 'logs', `${name}.log`),
    start: async (plan) => {
      signal.throwIfAborted();
      const { name, command, args, cwd, env = {} } = plan;
      const logFile = context.logFile(name);
      const process = await startProcess({
        name,
        command,
        args,
        cwd,
        env,
        logFile,
        stopSignal: plan.asked ? 'SIGTERM' : 'SIGKILL',
      });
      aboard.push(process);
      note(folder, name, process);
      if (!plan.mayEnd) void process.endedUnasked.then((exit) => report(deathOf(process, exit)));
      return process;
    },
  };
  return {
    context,
    died,
    [Symbol.asyncDispose]: async () => {
      await Promise.all(aboard.map((process) => process.stop()));
    },
  };
}
