/**
 * Owns the one connection to a Redis or Valkey server: asks, gives up in time, and looks for a lost server again by itself. Nothing is
 * queued while the server is away, so nobody waits for it.
 */
import { setTimeout as wait } from 'node:timers/promises';
import { createClient, ErrorReply, RESP_TYPES } from '@redis/client';
import {
  REDIS_COMMAND_TIMEOUT_MS,
  REDIS_CONNECT_TIMEOUT_MS,
  REDIS_RECONNECT_FIRST_PAUSE_MS,
  REDIS_RECONNECT_LONGEST_PAUSE_MS,
} from '../constants.ts';
import { StoreUnavailable } from './store.ts';

/** What the server answers to the few commands used here: bulk strings come as bytes. */
export type RedisReply = number | string | Buffer | null | readonly RedisReply[];

export interface RedisConnection {
  /** Rejects with `StoreUnavailable`, within `REDIS_COMMAND_TIMEOUT_MS`, whatever went wrong. */
  ask(command: readonly (string | Buffer)[]): Promise<RedisReply>;
  /** At once, whether the server is there or not. */
  close(): void;
}

export interface RedisConnectionOptions {
  /** `redis:` or `rediss:`; throws when the client cannot read it, with an error that quotes it. */
  readonly url: string;
  /** Hears once each time the server is lost or not found, not at every try. */
  readonly onTrouble: (cause: unknown) => void;
}

/** Resolves when the server answers, or when the first try has failed: then it is looked for in the background. */
export async function connectRedis({ url, onTrouble }: RedisConnectionOptions): Promise<RedisConnection> {
  // Read here, so that an URL nobody can use is found at the start and not at the first try.
  createLink(url);
  const firstTry = Promise.withResolvers<void>();
  const ending = new AbortController();
  let ready: Link | null = null;

  const keep = async (): Promise<void> => {
    for (let failures = 0; !ending.signal.aborted; ) {
      const link = createLink(url);
      const lost = link.lost.then((cause) => {
        if (ready === link) ready = null;
        return cause;
      });
      if (await link.open(ending.signal)) {
        failures = 0;
        ready = link;
        firstTry.resolve();
      }
      const cause = await lost;
      if (ending.signal.aborted) return;
      if (failures === 0) onTrouble(cause);
      firstTry.resolve();
      const pauseMs = Math.min(REDIS_RECONNECT_LONGEST_PAUSE_MS, REDIS_RECONNECT_FIRST_PAUSE_MS * 2 ** failures++);
      // Not to the millisecond: replicas that lost the same server at the same moment do not come back as one.
      await wait(pauseMs * (0.5 + Math.random()), undefined, { signal: ending.signal }).catch(() => undefined);
    }
  };
  void keep();
  await firstTry.promise;

  return {
    ask: async (command) => {
      if (ready === null) throw new StoreUnavailable(new Error('there is no connection'));
      return ready.ask(command);
    },
    close: () => {
      ending.abort();
      ready?.end(new Error('it was closed'));
      ready = null;
    },
  };
}

/** One connection; once lost it is never used again. */
interface Link {
  /** False when it could not be opened in time; `lost` then says why. */
  open(signal: AbortSignal): Promise<boolean>;
  ask(command: readonly (string | Buffer)[]): Promise<RedisReply>;
  /** Why it is lost. Never rejects. */
  readonly lost: Promise<unknown>;
  end(cause: unknown): void;
}

function createLink(url: string): Link {
  const client = createClient({
    url,
    socket: { reconnectStrategy: false, connectTimeout: REDIS_CONNECT_TIMEOUT_MS },
    disableOfflineQueue: true,
    maintNotifications: 'disabled',
    commandOptions: { typeMapping: { [RESP_TYPES.BLOB_STRING]: Buffer } },
  });
  const lost = Promise.withResolvers<unknown>();
  let ended = false;
  const end = (cause: unknown): void => {
    if (ended) return;
    ended = true;
    // Rejects whatever is under way.
    if (client.isOpen) client.destroy();
    lost.resolve(cause);
  };
  client.on('error', end);

  const within = async <Value>(milliseconds: number, work: Promise<Value>): Promise<Value> => {
    const late = Promise.withResolvers<never>();
    const timer = setTimeout(() => {
      const cause = new Error(`no answer within ${milliseconds} ms`);
      // The answer may still come and be taken for the next question's; and a server that hangs may be gone.
      end(cause);
      late.reject(cause);
    }, milliseconds);
    try {
      return await Promise.race([work, late.promise]);
    } finally {
      clearTimeout(timer);
    }
  };

  return {
    lost: lost.promise,
    end,
    open: async (signal) => {
      const giveUp = (): void => end(signal.reason);
      signal.addEventListener('abort', giveUp, { once: true });
      try {
        await within(REDIS_CONNECT_TIMEOUT_MS, client.connect());
        return !ended;
      } catch (error) {
        end(error);
        return false;
      } finally {
        signal.removeEventListener('abort', giveUp);
      }
    },
    ask: async (command) => {
      try {
        // The type mapping above and the commands of redis-store.ts leave no other kind of answer.
        return (await within(REDIS_COMMAND_TIMEOUT_MS, client.sendCommand([...command]))) as RedisReply;
      } catch (error) {
        if (isDemoted(error)) end(error);
        if (isUnknownScript(error)) throw error;
        throw new StoreUnavailable(error);
      }
    },
  };
}

/** The server is no longer the primary, or not yet: another connection may lead to the one that is. */
function isDemoted(error: unknown): boolean {
  return error instanceof ErrorReply && /^(?:READONLY|MASTERDOWN|LOADING) /.test(error.message);
}

/** The server was restarted since it was told the script. The first word of an error reply is its code (RESP, "Simple errors"). */
export function isUnknownScript(error: unknown): boolean {
  return error instanceof ErrorReply && error.message.startsWith('NOSCRIPT ');
}
