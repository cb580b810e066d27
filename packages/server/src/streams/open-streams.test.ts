import { text } from 'node:stream/consumers';
import { refuse } from '@lamplighter/auth-core';
import { describe, expect, test } from 'vitest';
import type { FoundSession } from '../sessions/sessions.ts';
import { type SessionStore, StoreUnavailable } from '../sessions/store.ts';
import { refuseReview } from '../testing/stub-cluster.ts';
import { createOpenStreams, type OpenStreams } from './open-streams.ts';
import { ADDED, type StreamsWorld, startStreams } from './streams.fixture.ts';

/** So long that what waits for it never happens in a test. */
const NEVER_MS = 1_000_000;

interface Watching extends AsyncDisposable {
  readonly streams: OpenStreams;
  /** How often the store was asked, and for how many sessions at once. */
  readonly asked: readonly number[];
  readonly doubted: readonly FoundSession[];
}

interface Intervals {
  readonly pollMs?: number;
  readonly reviewMs?: number;
  readonly present?: SessionStore['present'];
}

function watchOver(from: StreamsWorld, intervals: Intervals = {}): Watching {
  const { pollMs = 5, reviewMs = NEVER_MS, present = (keys) => from.world.store.present(keys) } = intervals;
  const asked: number[] = [];
  const doubted: FoundSession[] = [];
  const streams = createOpenStreams({
    store: {
      present: (keys) => {
        asked.push(keys.length);
        return present(keys);
      },
    },
    review: from.review,
    doubts: { refused: (found) => void doubted.push(found) },
    now: from.world.clock.now,
    log: from.log,
    pollMs,
    reviewMs,
  });
  return { streams, asked, doubted, [Symbol.asyncDispose]: () => streams.close() };
}

describe('with its session', () => {
  test('a watch ends with a 401 event within two seconds of logout [C29, C37]', async () => {
    await using from = await startStreams();
    // The interval it has in production.
    await using over = watchOver(from, { pollMs: 1_000 });
    const [{ found, id }, other] = [await from.signIn(), await from.signIn()];
    const [watch, others] = [await from.open(), await from.open()];
    over.streams.track(found, from.cluster, watch.running);
    over.streams.track(other.found, from.cluster, others.running);
    from.stub.push(ADDED);
    const began = performance.now();
    await from.world.sessions.end(id);
    const events = (await text(watch.answer)).trimEnd().split('\n');
    expect(performance.now() - began).toBeLessThan(2_000);
    expect(events.map((event): unknown => JSON.parse(event))).toMatchObject([
      ADDED,
      { type: 'ERROR', object: { kind: 'Status', reason: 'Unauthorized', code: 401 } },
    ]);
    await expect.poll(() => from.stub.watching).toBe(1);
    expect(others.running.ended).toBe(false);
  });

  test('all of its streams end, watches or not [C37]', async () => {
    await using from = await startStreams();
    await using over = watchOver(from);
    const { found, id } = await from.signIn();
    const opened = [await from.open(), await from.open(), await from.open('/api/v1/namespaces/a/pods/b/log?follow=1')];
    for (const { running } of opened) over.streams.track(found, from.cluster, running);
    await from.world.sessions.end(id);
    await expect.poll(() => opened.every(({ running }) => running.ended)).toBe(true);
    await expect.poll(() => from.stub.watching).toBe(0);
  });

  test('another server’s logout ends them too, because the store is asked [C37]', async () => {
    await using from = await startStreams();
    await using over = watchOver(from);
    const { found, id } = await from.signIn();
    const { running } = await from.open();
    over.streams.track(found, from.cluster, running);
    await from.world.replica().end(id);
    await expect.poll(() => running.ended).toBe(true);
  });

  test.each([
    ['its absolute limit', { ttlSeconds: 100 }, 99, 100],
    ['its idle limit, though the stream is busy', { idleTtlSeconds: 60 }, 59, 60],
  ])('they end at %s, on the second [C28, C37]', async (_, limits, before, at) => {
    await using from = await startStreams(limits);
    await using over = watchOver(from);
    const { found } = await from.signIn();
    const { running } = await from.open();
    over.streams.track(found, from.cluster, running);
    from.world.clock.forward(before);
    from.stub.push(ADDED);
    const asked = over.asked.length;
    await expect.poll(() => over.asked.length).toBeGreaterThan(asked + 2);
    expect(running.ended).toBe(false);
    from.world.clock.forward(at - before);
    await expect.poll(() => running.ended).toBe(true);
  });

  test('that is used elsewhere they go on past the first idle limit [C28]', async () => {
    await using from = await startStreams({ idleTtlSeconds: 60 });
    await using over = watchOver(from);
    const { found } = await from.signIn();
    const { running } = await from.open();
    over.streams.track(found, from.cluster, running);
    from.world.clock.forward(50);
    await from.world.sessions.touch(found);
    from.world.clock.forward(50);
    const asked = over.asked.length;
    await expect.poll(() => over.asked.length).toBeGreaterThan(asked + 2);
    expect(running.ended).toBe(false);
  });
});

describe('a store that does not answer', () => {
  const away = async (): Promise<never> => {
    throw new StoreUnavailable(new Error('away'));
  };

  test('signs nobody out, and is asked again', async () => {
    await using from = await startStreams();
    let present: SessionStore['present'] = away;
    await using over = watchOver(from, { present: (keys) => present(keys) });
    const { found, id } = await from.signIn();
    const { running } = await from.open();
    over.streams.track(found, from.cluster, running);
    await expect.poll(() => over.asked.length).toBeGreaterThan(2);
    expect(running.ended).toBe(false);
    await from.world.sessions.end(id);
    present = (keys) => from.world.store.present(keys);
    await expect.poll(() => running.ended).toBe(true);
    expect(from.failures).toEqual([]);
  });

  test.each([
    ['refuses', away],
    ['never says anything', () => new Promise<never>(() => undefined)],
  ])('and %s does not prolong a session past its absolute limit [C28, C37]', async (_, present) => {
    await using from = await startStreams({ ttlSeconds: 100 });
    await using over = watchOver(from, { present });
    const { found } = await from.signIn();
    const { running } = await from.open();
    over.streams.track(found, from.cluster, running);
    await expect.poll(() => over.asked.length).toBeGreaterThan(0);
    from.world.clock.forward(100);
    await expect.poll(() => running.ended).toBe(true);
  });
});

describe('the store', () => {
  test('is asked once for everybody, about each session once', async () => {
    await using from = await startStreams();
    await using over = watchOver(from);
    const [one, two] = [await from.signIn(), await from.signIn()];
    for (const { found } of [one, one, two]) over.streams.track(found, from.cluster, (await from.open()).running);
    await expect.poll(() => over.asked.at(-1)).toBe(2);
  });

  test('is asked nothing when nothing streams any more', async () => {
    await using from = await startStreams();
    await using over = watchOver(from);
    const { found } = await from.signIn();
    const { answer, running } = await from.open();
    over.streams.track(found, from.cluster, running);
    await expect.poll(() => over.asked.length).toBeGreaterThan(0);
    answer.destroy();
    await expect.poll(() => running.ended).toBe(true);
    const asked = over.asked.length;
    // Another one, to know that several turns have passed since.
    await using later = watchOver(from);
    later.streams.track(found, from.cluster, (await from.open()).running);
    await expect.poll(() => later.asked.length).toBeGreaterThan(5);
    expect(over.asked.length).toBeLessThanOrEqual(asked + 1);
  });
});

describe('a cluster that is asked again about who streams', () => {
  test('and does not know the bearer any more ends the streams, and puts the session in doubt [C37]', async () => {
    await using from = await startStreams();
    await using over = watchOver(from, { reviewMs: 10 });
    const { found, ticket } = await from.signIn();
    const { running } = await from.open();
    over.streams.track(found, from.cluster, running);
    const reviews = (): number => from.stub.seen.filter(({ url }) => url.endsWith('selfsubjectreviews')).length;
    await expect.poll(reviews).toBeGreaterThan(2);
    expect(running.ended).toBe(false);
    from.stub.users.clear();
    await expect.poll(() => running.ended).toBe(true);
    expect(over.doubted.map(({ id }) => id)).toContain(found.id);
    expect((await from.world.sessions.find(ticket, from.cluster.name)).ok).toBe(true);
  });

  test('is shown the bearer the session has by now [C37]', async () => {
    await using from = await startStreams();
    await using over = watchOver(from, { reviewMs: 10 });
    const { found } = await from.signIn();
    const { running } = await from.open();
    over.streams.track(found, from.cluster, running);
    from.stub.users.set('bearer-2', { username: 'ada', groups: [] });
    await from.world.sessions.reseal(found, { ...found.live.record, bearer: 'bearer-2' });
    from.stub.users.delete('bearer-1');
    await expect.poll(() => from.stub.seen.at(-1)?.authorization).toBe('Bearer bearer-2');
    expect(running.ended).toBe(false);
  });

  test('and does not answer ends nothing', async () => {
    await using from = await startStreams();
    await using over = watchOver(from, { reviewMs: 5 });
    const { found } = await from.signIn();
    const { running } = await from.open();
    over.streams.track(found, from.cluster, running);
    let asked = 0;
    from.stub.respondToReview = (_, response) => {
      asked++;
      response.destroy();
    };
    await expect.poll(() => asked).toBeGreaterThan(2);
    expect([running.ended, over.doubted]).toEqual([false, []]);
  });

  test('is not asked for a session whose bearer could not be renewed: its streams end [C37]', async () => {
    await using from = await startStreams();
    await using over = watchOver(from, { reviewMs: 5 });
    const { found } = await from.signIn();
    const { running } = await from.open();
    from.stub.respondToReview = refuseReview;
    from.freshen = async () => refuse({ reason: 'refresh_refused', error: 'invalid_grant' });
    over.streams.track(found, from.cluster, running);
    await expect.poll(() => running.ended).toBe(true);
    expect(from.stub.seen.filter(({ url }) => url.endsWith('selfsubjectreviews'))).toEqual([]);
    expect(over.doubted).toEqual([]);
  });

  test('at a bug of ours costs no stream: it is logged, and asked again', async () => {
    await using from = await startStreams();
    await using over = watchOver(from, { reviewMs: 5 });
    const { found } = await from.signIn();
    const { running } = await from.open();
    from.freshen = async () => {
      throw new TypeError('a bug');
    };
    over.streams.track(found, from.cluster, running);
    await expect.poll(() => from.failures.length).toBeGreaterThan(1);
    expect(running.ended).toBe(false);
  });
});
