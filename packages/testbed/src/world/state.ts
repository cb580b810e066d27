/** Owns what is written down about a running world: enough to describe it to others and to clean up after a kill -9. */
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type World, worldSchema } from '@lamplighter/fixtures';
import { z } from 'zod';
import { type ProcessIdentity, processIdentitySchema } from '../process/identity.ts';

/** What a second target of the same world needs beyond what is printed; never printed itself. */
export interface WorldSecrets {
  readonly clientSecret: string;
  /** A second redirect URI registered for the target's client, where a test may catch a code. */
  readonly captureUrl: string;
}

export interface WorldState {
  /** Who must be alive for this world to be. */
  readonly owner: ProcessIdentity;
  readonly processes: readonly { readonly name: string; readonly identity: ProcessIdentity }[];
  /** Outside the world's folder when that path is too long for sockets. */
  readonly socketFolder: string;
  /** The loopback address that is this world's alone. */
  readonly address: string;
  /** Present once the world is ready. */
  readonly ready?: { readonly world: World; readonly secrets: WorldSecrets };
}

const stateSchema: z.ZodType<WorldState> = z.strictObject({
  owner: processIdentitySchema,
  processes: z.array(z.strictObject({ name: z.string(), identity: processIdentitySchema })),
  socketFolder: z.string(),
  address: z.string(),
  ready: z
    .strictObject({
      world: worldSchema,
      secrets: z.strictObject({ clientSecret: z.string(), captureUrl: z.url() }),
    })
    .exactOptional(),
});

const STATE_FILE = 'state.json';

/** Writes the state whole or not at all. Synchronous: a process must be on record before anything else can happen. */
export function writeState(folder: string, state: WorldState): void {
  const next = join(folder, `${STATE_FILE}.next`);
  writeFileSync(next, `${JSON.stringify(state, null, 2)}\n`, { mode: 0o600 });
  renameSync(next, join(folder, STATE_FILE));
}

/** The state in a world's folder, or undefined when there is none that can be read. */
export function readState(folder: string): WorldState | undefined {
  try {
    return stateSchema.parse(JSON.parse(readFileSync(join(folder, STATE_FILE), 'utf8')));
  } catch {
    return undefined;
  }
}
