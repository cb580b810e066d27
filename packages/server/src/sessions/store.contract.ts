/** What every session store must do, whichever it is: one suite, run against each adapter. */
import type { EpochSeconds } from '@lamplighter/auth-core';
import { describe, expect, test } from 'vitest';
import { type MovedClock, movedClock } from '../testing/clock.ts';
import type { SessionFilter, SessionStore, StoredSession } from './store.ts';

/** Where one store is, empty at first. */
export interface StorePlace extends AsyncDisposable {
  /** Opens it, once for each process that would share it. */
  open(now: () => EpochSeconds): Promise<SessionStore>;
}

export interface ContractOptions {
  /** Whether several processes can share one; memory is one process's own. */
  readonly shared: boolean;
  /** Why it cannot be run here; null when it can. */
  readonly skipped?: string | null;
}

const NOW = 1_800_000_000;

/** @param prepare - called once per test. */
export function describeSessionStore(
  name: string,
  prepare: () => Promise<StorePlace>,
  { shared, skipped = null }: ContractOptions,
): void {
  const title = `the session store ${name}${skipped === null ? '' : ` (skipped: ${skipped})`}`;
  describe.skipIf(skipped !== null)(title, () => {
    /** `two` is the same store as another process sees it. */
    const opened = async (): Promise<
      AsyncDisposable & { readonly store: SessionStore; readonly two: SessionStore; readonly clock: MovedClock }
    > => {
      await using opening = new AsyncDisposableStack();
      const clock = movedClock(NOW);
      const place = opening.use(await prepare());
      const store = opening.adopt(await place.open(clock.now), (one) => one.close());
      const two = shared ? opening.adopt(await place.open(clock.now), (other) => other.close()) : store;
      const held = opening.move();
      return { store, two, clock, [Symbol.asyncDispose]: () => held.disposeAsync() };
    };

    test('gives back what was put, byte for byte', async () => {
      await using world = await opened();
      await world.store.put(row(1));
      await world.store.put(row(2, { sealed: new Uint8Array(100_000).fill(7), providerSession: bytes(9) }));
      expect(plain(await world.two.get(row(1).key))).toEqual(plain({ usedAt: NOW, sealed: row(1).sealed }));
      const second = await world.two.get(row(2).key);
      expect([second?.sealed.length, plain(second)]).toEqual([
        100_000,
        plain({ usedAt: NOW, sealed: new Uint8Array(100_000).fill(7) }),
      ]);
      const { sealed: _, ...expected } = row(2, { providerSession: bytes(9) });
      const [listed] = await world.two.list({ by: 'provider_session', hashes: [bytes(9)] });
      expect(plain(listed)).toEqual(plain(expected));
      expect(await world.store.get(row(3).key)).toBeUndefined();
    });

    test('keeps bytes that are no text in any encoding', async () => {
      await using world = await opened();
      const sealed = Uint8Array.from({ length: 512 }, (_, at) => at % 256);
      await world.store.put(row(1, { key: sealed.slice(200, 232), person: sealed.slice(120, 152), sealed }));
      expect(plain(await world.store.get(sealed.slice(200, 232)))).toMatchObject({ sealed: [...sealed] });
      const [listed] = await world.store.list({ by: 'person', hashes: [sealed.slice(120, 152)] });
      expect(plain(listed)).toMatchObject({
        key: [...sealed.slice(200, 232)],
        person: [...sealed.slice(120, 152)],
      });
    });

    test('replaces a row of the same key, with whom it belongs to', async () => {
      await using world = await opened();
      await world.store.put(row(1));
      await world.store.put(row(1, { sealed: bytes(9), expiresAt: NOW + 200, person: bytes(77) }));
      expect(plain(await world.store.get(row(1).key))).toEqual({ usedAt: NOW, sealed: [...bytes(9)] });
      expect(await world.store.list(of(100))).toEqual([]);
      expect(await world.store.list(of(77))).toMatchObject([{ expiresAt: NOW + 200 }]);
    });

    test('forgets a deleted row, and says whether there was one', async () => {
      await using world = await opened();
      await world.store.put(row(1));
      expect(await world.two.delete(row(1).key)).toBe(true);
      expect(await world.store.delete(row(1).key)).toBe(false);
      expect(await world.store.get(row(1).key)).toBeUndefined();
    });

    test('does not give a row from the second on at which it expires [C28]', async () => {
      await using world = await opened();
      const { key } = row(1);
      const seen = async (): Promise<readonly unknown[]> => [
        await world.store.get(key),
        await world.store.present([key]),
        await world.store.list({ by: 'everyone' }),
      ];
      await world.store.put(row(1));
      world.clock.forward(99);
      expect((await seen()).map((found) => (Array.isArray(found) ? found.length : found !== undefined))).toEqual([
        true,
        1,
        1,
      ]);
      world.clock.forward(1);
      expect(await seen()).toEqual([undefined, [], []]);
      expect(await world.store.reseal(key, bytes(9))).toBe(false);
      expect(await world.store.deleteWhere({ by: 'everyone' })).toBe(0);
      expect(await world.store.delete(key)).toBe(false);
    });

    test('puts other bytes into a row that is there, and into no other', async () => {
      await using world = await opened();
      await world.store.put(row(1));
      expect(await world.two.reseal(row(1).key, bytes(9))).toBe(true);
      expect(plain(await world.store.get(row(1).key))).toEqual(plain({ usedAt: NOW, sealed: bytes(9) }));
      const { sealed: _, ...rest } = row(1);
      expect((await world.store.list({ by: 'everyone' })).map(plain)).toEqual([plain(rest)]);
      expect(await world.store.reseal(row(2).key, bytes(9))).toBe(false);
      expect(await world.store.get(row(2).key)).toBeUndefined();
    });

    test('brings no ended session back by resealing it [C29]', async () => {
      await using world = await opened();
      await world.store.put(row(1));
      await world.two.delete(row(1).key);
      expect(await world.store.reseal(row(1).key, bytes(9))).toBe(false);
      await world.store.touch(row(1).key, NOW + 10);
      expect(await world.store.get(row(1).key)).toBeUndefined();
      expect(await world.store.list({ by: 'everyone' })).toEqual([]);
    });

    test('moves the last activity forward, never back', async () => {
      await using world = await opened();
      await world.store.put(row(1));
      await world.store.touch(row(1).key, NOW + 50);
      await world.two.touch(row(1).key, NOW + 20);
      expect((await world.store.get(row(1).key))?.usedAt).toBe(NOW + 50);
    });

    test('says which of many rows are there, with their last activity', async () => {
      await using world = await opened();
      for (const key of [1, 2, 3]) await world.store.put(row(key));
      await world.store.touch(row(2).key, NOW + 30);
      await world.store.delete(row(3).key);
      const asked = Array.from({ length: 1_200 }, (_, at) => row(1, { key: numbered(at) }).key);
      const found = await world.two.present([...asked, row(1).key, row(2).key, row(3).key]);
      const read = found.map(({ key, usedAt }) => [key[0], usedAt] as const);
      expect(read.toSorted(([a = 0], [b = 0]) => a - b)).toEqual([
        [1, NOW],
        [2, NOW + 30],
      ]);
      expect(await world.store.present([])).toEqual([]);
    });

    test('lists one person’s sessions, or everybody’s, the newest first [C30]', async () => {
      await using world = await opened();
      await world.store.put(row(1, { person: bytes(50) }));
      await world.store.put(row(2, { person: bytes(51), createdAt: NOW + 2 }));
      await world.store.put(row(3, { person: bytes(50), createdAt: NOW + 1, providerSession: bytes(60) }));
      const keys = async (filter: SessionFilter) => (await world.two.list(filter)).map(({ key }) => key[0]);
      expect(await keys({ by: 'everyone' })).toEqual([2, 3, 1]);
      expect(await keys(of(50))).toEqual([3, 1]);
      expect(await keys({ by: 'person', hashes: [bytes(50), bytes(51), bytes(50)] })).toEqual([2, 3, 1]);
      expect(await keys({ by: 'provider_session', hashes: [bytes(60)] })).toEqual([3]);
      expect(await keys({ by: 'provider_session', hashes: [bytes(50)] })).toEqual([]);
      const [entry] = await world.store.list({ by: 'provider_session', hashes: [bytes(60)] });
      const { sealed: _, ...expected } = row(3, { person: bytes(50), createdAt: NOW + 1, providerSession: bytes(60) });
      expect(plain(entry)).toEqual(plain(expected));
    });

    test('lists the sessions of whoever one row belongs to, also those under other hashes of theirs [C30]', async () => {
      await using world = await opened();
      await world.store.put(row(1, { person: bytes(50) }));
      await world.store.put(row(2, { person: bytes(50), createdAt: NOW + 1 }));
      await world.store.put(row(3, { person: bytes(51), createdAt: NOW + 2 }));
      await world.store.put(row(4, { person: bytes(52), createdAt: NOW + 3, expiresAt: NOW + 10 }));
      await world.store.put(row(5, { person: bytes(52), createdAt: NOW + 4 }));
      const samePerson = (key: number, ...others: readonly number[]): SessionFilter => ({
        by: 'same_person',
        key: row(key).key,
        hashes: others.map(bytes),
      });
      const keys = async (filter: SessionFilter) => (await world.two.list(filter)).map(({ key }) => key[0]);
      expect(await keys(samePerson(1))).toEqual([2, 1]);
      expect(await keys(samePerson(1, 50, 51))).toEqual([3, 2, 1]);
      expect(await keys(samePerson(4))).toEqual([5, 4]);
      world.clock.forward(10);
      expect(await keys(samePerson(4))).toEqual([]);
      expect(await keys(samePerson(9))).toEqual([]);
      expect(await keys(samePerson(9, 51))).toEqual([3]);
      expect(await world.store.deleteWhere(samePerson(1))).toBe(2);
      expect(await keys({ by: 'everyone' })).toEqual([5, 3]);
    });

    test('ends one person’s sessions, one of a provider’s, or everybody’s, and counts them [C30]', async () => {
      await using world = await opened();
      for (const key of [1, 2, 3]) await world.store.put(row(key, { person: bytes(50) }));
      await world.store.put(row(4, { person: bytes(51), providerSession: bytes(60) }));
      await world.store.put(row(5, { person: bytes(52) }));
      await world.store.delete(row(3).key);
      expect(await world.two.deleteWhere(of(50))).toBe(2);
      expect(await world.store.deleteWhere(of(50))).toBe(0);
      expect(await world.store.deleteWhere({ by: 'provider_session', hashes: [bytes(61), bytes(60)] })).toBe(1);
      expect((await world.store.list({ by: 'everyone' })).map(({ key }) => key[0])).toEqual([5]);
      expect(await world.store.deleteWhere({ by: 'everyone' })).toBe(1);
    });

    test('lets one of fifty callers take a name, and others take other names [C4]', async () => {
      await using world = await opened();
      const callers = Array.from({ length: 50 }, (_, at) => (at % 2 === 0 ? world.store : world.two));
      const taken = await Promise.all(callers.map((caller) => caller.setIfAbsent('login a', 60)));
      expect(taken.filter(Boolean).length).toBe(1);
      expect(await world.store.setIfAbsent('login b', 60)).toBe(true);
    });

    test('keeps a name taken until its time is over, not longer', async () => {
      await using world = await opened();
      await world.store.setIfAbsent('a', 60);
      world.clock.forward(59);
      expect(await world.two.setIfAbsent('a', 60)).toBe(false);
      world.clock.forward(1);
      expect(await world.two.setIfAbsent('a', 60)).toBe(true);
      expect(await world.store.setIfAbsent('a', 60)).toBe(false);
    });

    test('lets one of many holders lock a name, who may stay and let go', async () => {
      await using world = await opened();
      const holders = Array.from({ length: 20 }, (_, at) => `holder ${at}`);
      const stores = [world.store, world.two] as const;
      const locked = await Promise.all(
        holders.map((holder, at) => (at % 2 === 0 ? stores[0] : stores[1]).lock('a', holder, 20)),
      );
      expect(locked.filter(Boolean).length).toBe(1);
      const winner = holders[locked.indexOf(true)] ?? '';
      expect(await world.two.lock('a', winner, 20)).toBe(true);
      expect(await world.two.lock('b', 'another', 20)).toBe(true);
      await world.two.unlock('a', 'somebody else');
      expect(await world.store.lock('a', 'somebody else', 20)).toBe(false);
      await world.store.unlock('a', winner);
      expect(await world.two.lock('a', 'somebody else', 20)).toBe(true);
    });

    test('gives the lock of whoever died with it to another when the lease is over, not before', async () => {
      await using world = await opened();
      await world.store.lock('a', 'dead', 20);
      world.clock.forward(19);
      expect(await world.two.lock('a', 'heir', 20)).toBe(false);
      expect(await world.store.lock('a', 'dead', 20)).toBe(true);
      world.clock.forward(19);
      expect(await world.two.lock('a', 'heir', 20)).toBe(false);
      world.clock.forward(1);
      expect(await world.two.lock('a', 'heir', 20)).toBe(true);
      expect(await world.store.lock('a', 'dead', 20)).toBe(false);
      await world.store.unlock('a', 'dead');
      expect(await world.store.lock('a', 'third', 20)).toBe(false);
    });

    test('rejects once it is closed, and never says that a session is missing', async () => {
      await using world = await opened();
      const { store } = world;
      await store.put(row(1));
      await store.close();
      const { key } = row(1);
      const calls: readonly (() => Promise<unknown>)[] = [
        () => store.get(key),
        () => store.put(row(1)),
        () => store.reseal(key, bytes(1)),
        () => store.touch(key, NOW),
        () => store.delete(key),
        () => store.present([key]),
        () => store.list({ by: 'everyone' }),
        () => store.deleteWhere({ by: 'everyone' }),
        () => store.setIfAbsent('a', 60),
        () => store.lock('a', 'b', 60),
        () => store.unlock('a', 'b'),
      ];
      for (const call of calls) await expect(call()).rejects.toThrow('the session store does not answer');
    });
  });
}

function row(key: number, changes: Partial<StoredSession> = {}): StoredSession {
  return {
    key: bytes(key),
    createdAt: NOW,
    usedAt: NOW,
    expiresAt: NOW + 100,
    person: bytes(100),
    providerSession: null,
    sealed: Uint8Array.of(1, 2, 3),
    ...changes,
  };
}

function bytes(fill: number): Uint8Array {
  return new Uint8Array(32).fill(fill);
}

function numbered(at: number): Uint8Array {
  const key = bytes(255);
  key.set([at >> 8, at & 255], 1);
  return key;
}

function of(person: number): SessionFilter {
  return { by: 'person', hashes: [bytes(person)] };
}

/** Whatever kind of byte array an adapter gives. */
function plain(row: object | undefined): object | undefined {
  if (row === undefined) return undefined;
  return Object.fromEntries(
    Object.entries(row).map(([name, value]) => [name, value instanceof Uint8Array ? [...value] : value]),
  );
}
