/** What tests of sessions share: somebody who signed in, a store in memory, and a clock that is moved. */
import { type ClusterName, parseClusterName, type SessionId, toIssuer } from '@lamplighter/auth-core';
import { type MovedClock, movedClock } from '../testing/clock.ts';
import { storeKey } from './sealed-record.ts';
import { createSessions, type FoundSession, type NewSession, type SessionLimits, type Sessions } from './sessions.ts';
import { openSqliteStore } from './sqlite-store.ts';
import type { SessionStore, StoredSession } from './store.ts';

export const NOW = 1_800_000_000;
export const KEY: Uint8Array = new Uint8Array(32).fill(1);
export const OLDER_KEY: Uint8Array = new Uint8Array(32).fill(2);

export const main: ClusterName = clusterName('main');
export const other: ClusterName = clusterName('other');

/** Signed in with a provider, with a bearer that lives for ten minutes and can be renewed. */
export const ada: NewSession = {
  method: 'oidc',
  cluster: main,
  bearer: 'bearer-1',
  tokenExpiresAt: NOW + 600,
  person: { username: 'ada', email: 'ada@example.com', groups: ['platform'], groupsIncomplete: false },
  identity: { issuer: toIssuer('https://idp.example'), subject: '248289761001' },
  grant: {
    refreshToken: 'refresh-1',
    idToken: 'bearer-1',
    nonce: 'nonce',
    providerSession: 'sid-1',
    failures: 0,
    retryAt: 0,
  },
};

/** Signed in with a pasted token. */
export const robot: NewSession = {
  ...ada,
  method: 'token',
  tokenExpiresAt: null,
  person: { username: 'system:serviceaccount:default:robot', email: '', groups: [], groupsIncomplete: false },
  identity: null,
  grant: null,
};

export interface SessionsWorld extends AsyncDisposable {
  readonly clock: MovedClock;
  readonly store: SessionStore;
  readonly sessions: Sessions;
  /** The same store, as another replica with these keys uses it. */
  replica(keys?: readonly [Uint8Array, ...Uint8Array[]]): Sessions;
  /** The whole row of a session that is there. */
  stored(id: SessionId): Promise<StoredSession>;
  /** Signs in, and finds the session by its ticket. */
  begin(session?: NewSession): Promise<BegunSession>;
}

export interface BegunSession {
  readonly ticket: string;
  readonly id: SessionId;
  readonly found: FoundSession;
}

export async function openWorld(limits: Partial<SessionLimits> = {}): Promise<SessionsWorld> {
  const clock = movedClock(NOW);
  const store = openSqliteStore({ path: null, now: clock.now, onSweepFailure: () => undefined });
  const replica = (keys: readonly [Uint8Array, ...Uint8Array[]] = [KEY]): Sessions =>
    createSessions({ store, limits: { ttlSeconds: 3_600, idleTtlSeconds: null, ...limits }, keys, now: clock.now });
  const sessions = replica();
  return {
    clock,
    store,
    sessions,
    replica,
    stored: async (id) => {
      const key = storeKey(id);
      const entry = (await store.list({ by: 'everyone' })).find((one) => key.equals(one.key));
      const sealed = await store.get(key);
      if (entry === undefined || sealed === undefined) throw new Error('it was begun');
      return { ...entry, ...sealed };
    },
    begin: async (session = ada) => {
      const { ticket, id } = await sessions.begin(session, []);
      const found = await sessions.find(ticket, session.cluster);
      if (!found.ok) throw new Error('it was begun just now');
      return { ticket, id, found: found.value };
    },
    [Symbol.asyncDispose]: () => store.close(),
  };
}

function clusterName(name: string): ClusterName {
  const parsed = parseClusterName(name);
  if (parsed === undefined) throw new Error(`${name} is no cluster name`);
  return parsed;
}
