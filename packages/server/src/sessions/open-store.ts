/** Opens the session store the configuration names, or says in one sentence why it cannot be opened. */
import type { EpochSeconds } from '@lamplighter/auth-core';
import type { StoreConfig } from '../config/server-config.ts';
import { StartupError } from '../startup-error.ts';
import { openSqliteStore } from './sqlite-store.ts';
import type { SessionStore } from './store.ts';

export interface OpenStoreOptions {
  readonly now: () => EpochSeconds;
  /** Hears what keeps the store from its work while nobody waits for it: a sweep that failed, a server that was lost. */
  readonly onTrouble: (cause: unknown) => void;
}

/** Throws `StartupError`. A Redis server that is away is no reason not to start: the server says it is not ready until it is back. */
export async function openStore(config: StoreConfig, { now, onTrouble }: OpenStoreOptions): Promise<SessionStore> {
  switch (config.kind) {
    case 'memory':
      return openSqliteStore({ path: null, now, onSweepFailure: onTrouble });
    case 'file':
      return openFile(config.path, { now, onTrouble });
    case 'redis':
      return openRedis(config.url, { now, onTrouble });
  }
}

function openFile(path: string, { now, onTrouble }: OpenStoreOptions): SessionStore {
  try {
    return openSqliteStore({ path, now, onSweepFailure: onTrouble });
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : 'no reason was given';
    throw new StartupError(
      'failed',
      `the session store ${path} cannot be opened: ${why}. Name another file with --session-store.`,
      { cause },
    );
  }
}

async function openRedis(url: string, { now, onTrouble }: OpenStoreOptions): Promise<SessionStore> {
  // Loaded only here: whoever keeps sessions in a file starts without it.
  const { openRedisStore } = await import('./redis-store.ts');
  try {
    return await openRedisStore({ url, now, onTrouble });
  } catch {
    // The cause quotes the URL, which may hold a password.
    throw new StartupError(
      'failed',
      'the session store cannot be opened: --session-store names no URL of the form redis://[user:password@]host[:port][/number].',
    );
  }
}
