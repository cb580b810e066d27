import { accept, refuse } from '@lamplighter/auth-core';
import { describe, expect, test } from 'vitest';
import type { EndedFacts } from '../audit.ts';
import type { OidcProvider, ProviderSource } from '../oidc/provider.ts';
import { robot } from '../sessions/sessions.fixture.ts';
import type { FoundSession } from '../sessions/sessions.ts';
import { refuseReview } from '../testing/stub-cluster.ts';
import { type ClusterDoubts, createClusterDoubts } from './cluster-doubts.ts';
import { type StreamsWorld, startStreams } from './streams.fixture.ts';

const REVIEWS = 'selfsubjectreviews';

interface Doubting extends AsyncDisposable {
  readonly doubts: ClusterDoubts;
  readonly ended: readonly (readonly [string, EndedFacts])[];
  /** How often a verdict was reached. */
  readonly decided: () => number;
}

function doubt(
  from: StreamsWorld,
  provider: Pick<ProviderSource, 'get'> | null = answering(true),
  more: { readonly doubtMs?: number; readonly doubtsMax?: number } = {},
): Doubting {
  const ended: (readonly [string, EndedFacts])[] = [];
  let decided = 0;
  const doubts = createClusterDoubts({
    review: from.review,
    sessions: {
      end: (id) => from.world.sessions.end(id),
    },
    provider: provider && {
      get: () => {
        decided++;
        return provider.get();
      },
    },
    audit: { sessionsEnded: (by, facts) => void ended.push([by, facts]) },
    log: from.log,
    doubtMs: 5,
    ...more,
  });
  return { doubts, ended, decided: () => decided, [Symbol.asyncDispose]: () => doubts.close() };
}

function answering(answers: boolean): Pick<ProviderSource, 'get'> {
  // Nothing else of a provider is asked for here.
  const provider = { answers: async () => answers } as OidcProvider;
  return { get: async () => accept(provider) };
}

const unreachable: Pick<ProviderSource, 'get'> = {
  get: async () => refuse({ reason: 'provider_unreachable', error: 'ECONNREFUSED' }),
};

const reviewsOf = ({ stub }: StreamsWorld): number => stub.seen.filter(({ url }) => url.endsWith(REVIEWS)).length;

/** To be polled: refuses a session, which comes to something only when it is in doubt no longer, and counts what came of it. */
function refusing({ doubts }: Doubting, { cluster }: StreamsWorld, found: FoundSession, count: () => number) {
  return (): number => {
    doubts.refused(found, cluster);
    return count();
  };
}

async function isLive({ world, cluster }: StreamsWorld, ticket: string): Promise<boolean> {
  return (await world.sessions.find(ticket, cluster.name)).ok;
}

describe('a session whose bearer its cluster refuses', () => {
  test('ends when it is refused again later, though the provider answers; the audit trail says so', async () => {
    await using from = await startStreams();
    await using doubting = doubt(from);
    const { found, ticket } = await from.signIn();
    from.stub.respondToReview = refuseReview;
    doubting.doubts.refused(found, from.cluster);
    expect(await isLive(from, ticket)).toBe(true);
    await expect.poll(() => isLive(from, ticket)).toBe(false);
    const person = { issuer: 'https://idp.example', subject: '248289761001', name: 'ada' };
    await expect
      .poll(() => doubting.ended)
      .toEqual([['cluster', { count: 1, person, cluster: 'main', reason: 'token_refused' }]]);
  });

  test('lives on when the cluster knows it later: a cluster that starts refuses everybody', async () => {
    await using from = await startStreams();
    await using doubting = doubt(from);
    const { found, ticket } = await from.signIn();
    doubting.doubts.refused(found, from.cluster);
    await expect.poll(() => reviewsOf(from)).toBe(1);
    // In doubt anew means that the first doubt was over.
    await expect.poll(refusing(doubting, from, found, () => reviewsOf(from))).toBeGreaterThan(1);
    expect([await isLive(from, ticket), doubting.ended]).toEqual([true, []]);
  });

  test.each([
    ['does not answer', answering(false)],
    ['was never had', unreachable],
  ])('lives on while its provider %s: that is why the cluster refuses it', async (_, provider) => {
    await using from = await startStreams();
    await using doubting = doubt(from, provider);
    const { found, ticket } = await from.signIn();
    from.stub.respondToReview = refuseReview;
    doubting.doubts.refused(found, from.cluster);
    await expect.poll(() => doubting.decided()).toBe(1);
    await expect.poll(refusing(doubting, from, found, doubting.decided)).toBeGreaterThan(1);
    expect([await isLive(from, ticket), doubting.ended]).toEqual([true, []]);
  });

  test('that was pasted ends whatever the provider does: it has none', async () => {
    await using from = await startStreams();
    await using doubting = doubt(from, unreachable);
    const { found, ticket } = await from.world.begin(robot);
    doubting.doubts.refused(found, from.cluster);
    await expect.poll(() => isLive(from, ticket)).toBe(false);
    expect(doubting.decided()).toBe(0);
  });

  test('is judged by the bearer it has by then', async () => {
    await using from = await startStreams();
    await using doubting = doubt(from);
    const { found, ticket } = await from.signIn();
    from.stub.users.clear();
    from.stub.users.set('bearer-2', { username: 'ada', groups: [] });
    doubting.doubts.refused(found, from.cluster);
    await from.world.sessions.reseal(found, { ...found.live.record, bearer: 'bearer-2' });
    await expect.poll(() => from.stub.seen.at(-1)?.authorization).toBe('Bearer bearer-2');
    expect(await isLive(from, ticket)).toBe(true);
  });

  test('that was signed out meanwhile asks nobody, and counts as nothing', async () => {
    await using from = await startStreams();
    await using doubting = doubt(from);
    const [gone, other] = [await from.signIn(), await from.signIn()];
    doubting.doubts.refused(gone.found, from.cluster);
    doubting.doubts.refused(other.found, from.cluster);
    await from.world.sessions.end(gone.id);
    await expect.poll(() => reviewsOf(from)).toBe(1);
    expect(doubting.ended).toEqual([]);
  });
});

describe('an attacker who makes a cluster answer 401 again and again', () => {
  test('costs one question for each session', async () => {
    await using from = await startStreams();
    await using doubting = doubt(from);
    const [one, two] = [await from.signIn(), await from.signIn()];
    for (let times = 0; times < 100; times++) doubting.doubts.refused(one.found, from.cluster);
    await expect.poll(() => reviewsOf(from)).toBe(1);
    doubting.doubts.refused(two.found, from.cluster);
    await expect.poll(() => reviewsOf(from)).toBe(2);
  });

  test('with many sessions, costs no more memory than so many doubts', async () => {
    await using from = await startStreams();
    await using doubting = doubt(from, answering(true), { doubtsMax: 1 });
    const [one, two] = [await from.signIn(), await from.signIn()];
    doubting.doubts.refused(one.found, from.cluster);
    doubting.doubts.refused(two.found, from.cluster);
    await expect.poll(() => reviewsOf(from)).toBe(1);
    await expect.poll(refusing(doubting, from, two.found, () => reviewsOf(from))).toBe(2);
  });
});

test('closing leaves every doubt undecided, and takes no new one', async () => {
  await using from = await startStreams();
  const closed = doubt(from);
  await using open = doubt(from);
  const [one, two] = [await from.signIn(), await from.signIn()];
  from.stub.respondToReview = refuseReview;
  closed.doubts.refused(one.found, from.cluster);
  await closed.doubts.close();
  closed.doubts.refused(one.found, from.cluster);
  open.doubts.refused(two.found, from.cluster);
  await expect.poll(() => isLive(from, two.ticket)).toBe(false);
  expect([await isLive(from, one.ticket), reviewsOf(from)]).toEqual([true, 1]);
});
