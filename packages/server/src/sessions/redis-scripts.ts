/**
 * Owns what happens inside the Redis server as one step. Time comes as an argument: the server's own clock only cleans up. The names of
 * indexes are made from what a row holds, so all keys must be on one server (no Redis Cluster).
 */

/** Lua 5.1. `keys` are those it names itself; `ARGV` stands beside each. */
export interface RedisScript {
  readonly text: string;
  readonly keys: number;
}

/** The key of a row, of an index or of a name; all of ours begin alike, so that a server can be shared and its rights be limited. */
export const REDIS_PREFIX = 'lamplighter:';
export const REDIS_ALL_SESSIONS: string = `${REDIS_PREFIX}sessions`;

const INDEXES = `
local function person_index(hash) return '${REDIS_PREFIX}person:' .. hash end
local function provider_index(hash) return '${REDIS_PREFIX}provider-session:' .. hash end
local function forget(row, id)
  local held = redis.call('HMGET', row, 'person', 'provider_session', 'expires_at')
  if not held[3] then return 0 end
  redis.call('ZREM', person_index(held[1]), id)
  if held[2] ~= '' then redis.call('ZREM', provider_index(held[2]), id) end
  redis.call('ZREM', '${REDIS_ALL_SESSIONS}', id)
  redis.call('DEL', row)
  return tonumber(held[3])
end
`;

/** KEYS: the row. ARGV: its id, now, seconds to keep it, created, used, expires, person, provider session or '', sealed. */
export const PUT: RedisScript = {
  keys: 1,
  text: `${INDEXES}
local row, id, now, keep = KEYS[1], ARGV[1], ARGV[2], tonumber(ARGV[3])
forget(row, id)
redis.call('HSET', row, 'created_at', ARGV[4], 'used_at', ARGV[5], 'expires_at', ARGV[6],
  'person', ARGV[7], 'provider_session', ARGV[8], 'sealed', ARGV[9])
redis.call('EXPIRE', row, keep)
local function index(name)
  redis.call('ZREMRANGEBYSCORE', name, '-inf', now)
  redis.call('ZADD', name, ARGV[6], id)
  if redis.call('TTL', name) < keep then redis.call('EXPIRE', name, keep) end
end
index('${REDIS_ALL_SESSIONS}')
index(person_index(ARGV[7]))
if ARGV[8] ~= '' then index(provider_index(ARGV[8])) end
return 1`,
};

/** KEYS: the row. ARGV: now, sealed. */
export const RESEAL: RedisScript = {
  keys: 1,
  text: `
local expires = redis.call('HGET', KEYS[1], 'expires_at')
if not expires or tonumber(expires) <= tonumber(ARGV[1]) then return 0 end
redis.call('HSET', KEYS[1], 'sealed', ARGV[2])
return 1`,
};

/** KEYS: the row. ARGV: used. */
export const TOUCH: RedisScript = {
  keys: 1,
  text: `
local used = redis.call('HGET', KEYS[1], 'used_at')
if used and tonumber(used) < tonumber(ARGV[1]) then redis.call('HSET', KEYS[1], 'used_at', ARGV[1]) end
return 1`,
};

/** KEYS: the row. ARGV: its id, now. 1 when it was live. */
export const FORGET: RedisScript = {
  keys: 1,
  text: `${INDEXES}
if forget(KEYS[1], ARGV[1]) > tonumber(ARGV[2]) then return 1 end
return 0`,
};

/** KEYS: the name. ARGV: now, expires, seconds to keep it. */
export const TAKE: RedisScript = {
  keys: 1,
  text: `
local held = redis.call('GET', KEYS[1])
if held and tonumber(held) > tonumber(ARGV[1]) then return 0 end
redis.call('SET', KEYS[1], ARGV[2], 'EX', ARGV[3])
return 1`,
};

/** KEYS: the name. ARGV: holder, now, expires, seconds to keep it. */
export const LOCK: RedisScript = {
  keys: 1,
  text: `
local held = redis.call('HMGET', KEYS[1], 'holder', 'expires_at')
if held[1] and held[1] ~= ARGV[1] and tonumber(held[2]) > tonumber(ARGV[2]) then return 0 end
redis.call('HSET', KEYS[1], 'holder', ARGV[1], 'expires_at', ARGV[3])
redis.call('EXPIRE', KEYS[1], ARGV[4])
return 1`,
};

/** KEYS: the name. ARGV: holder. */
export const UNLOCK: RedisScript = {
  keys: 1,
  text: `
if redis.call('HGET', KEYS[1], 'holder') == ARGV[1] then redis.call('DEL', KEYS[1]) end
return 1`,
};
