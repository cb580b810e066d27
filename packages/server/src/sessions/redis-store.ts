/**
 * Sessions in a Redis or Valkey server, for several replicas. What it promises is what that server promises: with its defaults a crash
 * of the server loses the last seconds or everything (docs/storage.md), and a fail-over may forget a lock or a name just taken.
 */
import { createHash } from 'node:crypto';
import type { EpochSeconds } from '@lamplighter/auth-core';
import { REDIS_CHUNK_ROWS, REDIS_EXPIRY_SLACK_SECONDS } from '../constants.ts';
import { connectRedis, isUnknownScript, type RedisConnection, type RedisReply } from './redis-connection.ts';
import {
  FORGET,
  LOCK,
  PUT,
  REDIS_ALL_SESSIONS,
  REDIS_PREFIX,
  RESEAL,
  type RedisScript,
  TAKE,
  TOUCH,
  UNLOCK,
} from './redis-scripts.ts';
import { type SessionEntry, type SessionFilter, type SessionStore, StoreUnavailable } from './store.ts';

export interface RedisStoreOptions {
  /** `redis:` or `rediss:`; may hold a password. */
  readonly url: string;
  readonly now: () => EpochSeconds;
  /** Hears once each time the server is lost or not found. */
  readonly onTrouble: (cause: unknown) => void;
}

/** Opens also when the server is away; then every method rejects until it is back. Rejects only for a URL the client cannot read. */
export async function openRedisStore({ url, now, onTrouble }: RedisStoreOptions): Promise<SessionStore> {
  const connection = await connectRedis({ url, onTrouble });
  const { ask } = connection;
  const run = createRunner(connection);
  const idsOf = async (filter: SessionFilter): Promise<readonly string[]> => {
    const found = await Promise.all(
      (await indexNames(filter, ask, now)).map((name) => ask(['ZRANGEBYSCORE', name, `(${now()}`, '+inf'])),
    );
    return [...new Set(found.flatMap(readTexts))];
  };
  return {
    get: async (key) => {
      const asked = ['HMGET', rowName(toHex(key)), 'expires_at', 'used_at', 'sealed'];
      const [expires, used, sealed] = readList(await ask(asked));
      return isLive(expires, now()) ? { usedAt: Number(readText(used)), sealed: readBytes(sealed) } : undefined;
    },
    put: async ({ key, createdAt, usedAt, expiresAt, person, providerSession, sealed }) => {
      const id = toHex(key);
      const provider = providerSession === null ? '' : toHex(providerSession);
      const times = [now(), keepSeconds(expiresAt - now()), createdAt, usedAt, expiresAt].map(String);
      await run(PUT, [rowName(id)], [id, ...times, toHex(person), provider, toBuffer(sealed)]);
    },
    reseal: async (key, sealed) => (await run(RESEAL, [rowName(toHex(key))], [`${now()}`, toBuffer(sealed)])) === 1,
    touch: async (key, usedAt) => {
      await run(TOUCH, [rowName(toHex(key))], [`${usedAt}`]);
    },
    delete: async (key) => (await run(FORGET, [rowName(toHex(key))], [toHex(key), `${now()}`])) === 1,
    present: async (keys) => readRows(ask, keys.map(toHex), now()),
    list: async (filter) => {
      const entries = await readRows(ask, await idsOf(filter), now());
      return entries.toSorted((a, b) => b.createdAt - a.createdAt || Buffer.compare(a.key, b.key));
    },
    deleteWhere: async (filter) => {
      const ended = await inChunks(await idsOf(filter), (id) => run(FORGET, [rowName(id)], [id, `${now()}`]));
      return ended.filter((live) => live === 1).length;
    },
    setIfAbsent: async (name, ttlSeconds) => {
      const times = [now(), now() + ttlSeconds, keepSeconds(ttlSeconds)].map(String);
      return (await run(TAKE, [`${REDIS_PREFIX}used:${name}`], times)) === 1;
    },
    lock: async (name, holder, leaseSeconds) => {
      const times = [now(), now() + leaseSeconds, keepSeconds(leaseSeconds)].map(String);
      return (await run(LOCK, [lockName(name)], [holder, ...times])) === 1;
    },
    unlock: async (name, holder) => {
      await run(UNLOCK, [lockName(name)], [holder]);
    },
    close: async () => connection.close(),
  };
}

type Run = (script: RedisScript, keys: readonly string[], values: readonly (string | Buffer)[]) => Promise<RedisReply>;

/** A script goes over the wire once for each time the server forgets it; after that its hash is enough. */
function createRunner({ ask }: RedisConnection): Run {
  const hashes = new Map<RedisScript, string>();
  const hashOf = (script: RedisScript): string => {
    const hash = hashes.get(script) ?? createHash('sha1').update(script.text).digest('hex');
    hashes.set(script, hash);
    return hash;
  };
  return async (script, keys, values) => {
    const rest = [`${script.keys}`, ...keys, ...values];
    try {
      return await ask(['EVALSHA', hashOf(script), ...rest]);
    } catch (error) {
      if (!isUnknownScript(error)) throw error;
      return ask(['EVAL', script.text, ...rest]);
    }
  };
}

function keepSeconds(lifeSeconds: number): number {
  return Math.max(1, lifeSeconds) + REDIS_EXPIRY_SLACK_SECONDS;
}

function rowName(id: string): string {
  return `${REDIS_PREFIX}session:${id}`;
}

function lockName(name: string): string {
  return `${REDIS_PREFIX}lock:${name}`;
}

async function indexNames(
  filter: SessionFilter,
  ask: RedisConnection['ask'],
  now: () => EpochSeconds,
): Promise<readonly string[]> {
  switch (filter.by) {
    case 'everyone':
      return [REDIS_ALL_SESSIONS];
    case 'person':
      return filter.hashes.map(toHex).map(personIndex);
    case 'same_person': {
      const [expires, person] = readList(await ask(['HMGET', rowName(toHex(filter.key)), 'expires_at', 'person']));
      const own = isLive(expires, now()) ? [readText(person)] : [];
      return [...own, ...filter.hashes.map(toHex)].map(personIndex);
    }
    case 'provider_session':
      return filter.hashes.map((hash) => `${REDIS_PREFIX}provider-session:${toHex(hash)}`);
  }
}

function personIndex(hash: string): string {
  return `${REDIS_PREFIX}person:${hash}`;
}

const ENTRY = ['created_at', 'used_at', 'expires_at', 'person', 'provider_session'] as const;

async function readRows(
  ask: RedisConnection['ask'],
  ids: readonly string[],
  now: EpochSeconds,
): Promise<readonly SessionEntry[]> {
  const rows = await inChunks(ids, async (id) =>
    readEntry(Buffer.from(id, 'hex'), readList(await ask(['HMGET', rowName(id), ...ENTRY])), now),
  );
  return rows.filter((row) => row !== undefined);
}

/** Asked one after another on one connection, without waiting for each answer. */
async function inChunks<Value>(
  ids: readonly string[],
  work: (id: string) => Promise<Value>,
): Promise<readonly Value[]> {
  const done: Value[] = [];
  for (let at = 0; at < ids.length; at += REDIS_CHUNK_ROWS) {
    done.push(...(await Promise.all(ids.slice(at, at + REDIS_CHUNK_ROWS).map(work))));
  }
  return done;
}

/** @param fields - in the order of `ENTRY`; all null when there is no such row. */
function readEntry(key: Uint8Array, fields: readonly RedisReply[], now: EpochSeconds): SessionEntry | undefined {
  const [created, used, expires, person, provider] = fields;
  if (!isLive(expires, now)) return undefined;
  const providerSession = readText(provider);
  return {
    key,
    createdAt: Number(readText(created)),
    usedAt: Number(readText(used)),
    expiresAt: Number(readText(expires)),
    person: Buffer.from(readText(person), 'hex'),
    providerSession: providerSession === '' ? null : Buffer.from(providerSession, 'hex'),
  };
}

/** @param expires - a row's field; null when there is no such row. */
function isLive(expires: RedisReply | undefined, now: EpochSeconds): boolean {
  return expires !== null && Number(readText(expires)) > now;
}

function readList(reply: RedisReply): readonly RedisReply[] {
  if (Array.isArray(reply)) return reply;
  throw new StoreUnavailable(new Error('an answer is no list'));
}

function readTexts(reply: RedisReply): readonly string[] {
  return readList(reply).map(readText);
}

function readText(reply: RedisReply | undefined): string {
  return readBytes(reply).toString('latin1');
}

// Only the scripts write these rows; anything else under our prefix was put there by somebody else.
function readBytes(reply: RedisReply | undefined): Buffer {
  if (Buffer.isBuffer(reply)) return reply;
  throw new StoreUnavailable(new Error('a row of another kind'));
}

function toHex(bytes: Uint8Array): string {
  return toBuffer(bytes).toString('hex');
}

/** The same memory, as the client wants it. */
function toBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
