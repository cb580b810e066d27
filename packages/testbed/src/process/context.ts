/** Owns what every part of one world is given: where it may write, where it listens, and the one way to start its process. */
import type { PartName } from '@lamplighter/fixtures';
import type { StartedProcess } from './supervised.ts';

export interface PartPlan {
  /** Used in every message about it, and for its log file. */
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  /** Where relative names in the arguments begin. */
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Asked to end instead of killed, for a part that has something to finish. */
  readonly asked?: boolean;
}

export interface PartContext {
  /** The world's folder; a part keeps its data in a folder of its own below it. */
  readonly folder: string;
  /** A folder whose path is short enough for Unix sockets; often the world's own. */
  readonly socketFolder: string;
  /** The world's own loopback address, so that two worlds share neither ports nor cookies. */
  readonly address: string;
  /** The resolved binary of a part. */
  binary(part: PartName): string;
  /** A file in the world's log folder. */
  logFile(name: string): string;
  /** Starts a process. The world ends it whatever happens next, and its state names it for whoever must clean up after a kill -9. */
  start(plan: PartPlan): Promise<StartedProcess>;
  /** From here on its unasked end is the world's. Until it is ready, its starter answers for it and may start it again. */
  watch(process: StartedProcess): void;
  /** Aborted when the world is given up or taken down. */
  readonly signal: AbortSignal;
}
