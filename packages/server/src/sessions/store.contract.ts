/** What every session store must do, whichever it is: one suite, run against each adapter. */
import type { EpochSeconds } from '@lamplighter/auth-core';
import { describe, expect, test } from 'vitest';
import { type MovedClock, movedClock } from '../testing/clock.ts';
import type { SessionStore, StoredSession } from './store.ts';

/** @param open - opens an empty store; called once per test. */
export function describeSessionStore(name: string, open: (now: () => EpochSeconds) => Promise<SessionStore>): void {
  const opened = async (): Promise<AsyncDisposable & { store: SessionStore; clock: MovedClock }> => {
    const clock = movedClock(1_800_000_000);
    const store = await open(clock.now);
    return { store, clock, [Symbol.asyncDispose]: () => store.close() };
  };
  const row = (key: number, changes: Partial<StoredSession> = {}): StoredSession => ({
    key: new Uint8Array(32).fill(key),
    createdAt: 1_800_000_000,
    expiresAt: 1_800_000_100,
    sealed: Uint8Array.of(1, 2, 3),
    ...changes,
  });

  describe(`the session store ${name}`, () => {
    test('gives back what was put, byte for byte', async () => {
      await using world = await opened();
      await world.store.put(row(1));
      await world.store.put(row(2, { sealed: new Uint8Array(100_000).fill(7) }));
      expect(await world.store.get(row(1).key)).toEqual(row(1));
      expect((await world.store.get(row(2).key))?.sealed.length).toBe(100_000);
      expect(await world.store.get(row(3).key)).toBeUndefined();
    });

    test('replaces a row of the same key', async () => {
      await using world = await opened();
      await world.store.put(row(1));
      await world.store.put(row(1, { sealed: Uint8Array.of(9), expiresAt: 1_800_000_200 }));
      expect(await world.store.get(row(1).key)).toMatchObject({ sealed: Uint8Array.of(9), expiresAt: 1_800_000_200 });
    });

    test('forgets a deleted row, and deleting nothing is well', async () => {
      await using world = await opened();
      await world.store.put(row(1));
      await world.store.delete(row(1).key);
      await world.store.delete(row(1).key);
      expect(await world.store.get(row(1).key)).toBeUndefined();
    });

    test('does not give a row from the second on at which it expires', async () => {
      await using world = await opened();
      await world.store.put(row(1));
      world.clock.forward(99);
      expect(await world.store.get(row(1).key)).toBeDefined();
      world.clock.forward(1);
      expect(await world.store.get(row(1).key)).toBeUndefined();
    });

    test('lets one of many callers take a name, and others take other names', async () => {
      await using world = await opened();
      const taken = await Promise.all(Array.from({ length: 20 }, () => world.store.setIfAbsent('a', 60)));
      expect(taken.filter(Boolean).length).toBe(1);
      expect(await world.store.setIfAbsent('b', 60)).toBe(true);
    });

    test('keeps a name taken until its time is over, not longer', async () => {
      await using world = await opened();
      await world.store.setIfAbsent('a', 60);
      world.clock.forward(59);
      expect(await world.store.setIfAbsent('a', 60)).toBe(false);
      world.clock.forward(1);
      expect(await world.store.setIfAbsent('a', 60)).toBe(true);
      expect(await world.store.setIfAbsent('a', 60)).toBe(false);
    });

    test('rejects once it is closed, and never says that a session is missing', async () => {
      const { store } = await opened();
      await store.put(row(1));
      await store.close();
      await expect(store.get(row(1).key)).rejects.toThrow('the session store does not answer');
      await expect(store.setIfAbsent('a', 60)).rejects.toThrow('the session store does not answer');
    });
  });
}
