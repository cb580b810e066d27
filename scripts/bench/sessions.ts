/** Owns what sessions cost: processor time of a look-up, memory of ten thousand. */
import { cpuPerTurn } from './cpu.ts';
import { type Memory, readMemory } from './heap.ts';
import { type MeasuredServer, startMeasuredServer } from './measured-server.ts';
import { median } from './statistics.ts';
import { cookiesOf, type Visits, visitsTo } from './visits.ts';

const CLUSTER = '/clusters/main';
const SMALL = `${CLUSTER}/api/v1/pods?limit=1`;
const ROUNDS = 7;
const REQUESTS = 3_000;
const LIVE = 10_000;

export interface SessionFigures {
  readonly store: string;
  /** Of a proxied request by session, and of the same one by Authorization header, which looks nothing up. */
  readonly bySessionMicros: number;
  readonly byHeaderMicros: number;
  /** The look-up: the median of each round's own difference. */
  readonly lookUpMicros: number;
  readonly liveSessions: number;
  readonly heapBytesPerSession: number;
  readonly residentBytesPerSession: number;
}

/** @param args - the flags that choose the store. */
export async function measureSessions(
  store: string,
  { main, args, signal }: { main: string; args: readonly string[]; signal: AbortSignal },
): Promise<SessionFigures> {
  await using server = await startMeasuredServer({
    main,
    args: [...args, '--log-level=error'],
    inspected: true,
    signal,
  });
  await using visits = visitsTo(server.url);
  const lookUp = await measureLookUp(server, visits);
  const before = await memoryOf(server);
  await visits.many(LIVE, (at) => signIn(visits, server.url, `visitor-${at}`));
  const after = await memoryOf(server);
  return {
    store,
    ...lookUp,
    liveSessions: LIVE,
    heapBytesPerSession: (after.heapBytes - before.heapBytes) / LIVE,
    residentBytesPerSession: (after.residentBytes - before.residentBytes) / LIVE,
  };
}

async function measureLookUp(
  { pid, url }: MeasuredServer,
  visits: Visits,
): Promise<Pick<SessionFigures, 'bySessionMicros' | 'byHeaderMicros' | 'lookUpMicros'>> {
  const cookie = cookiesOf(await signIn(visits, url, 'somebody'));
  const ways = { header: { authorization: 'Bearer somebody' }, session: { cookie } } as const;
  const cost = (way: keyof typeof ways): Promise<number> =>
    cpuPerTurn(pid, REQUESTS, () =>
      visits.many(REQUESTS, () => visits.visit({ method: 'GET', path: SMALL, headers: ways[way] }, 200)),
    );
  // The first turns are the compiler's.
  await cost('header');
  await cost('session');
  const rounds: { header: number; session: number }[] = [];
  for (let round = 0; round < ROUNDS; round++)
    rounds.push({ header: await cost('header'), session: await cost('session') });
  return {
    bySessionMicros: median(rounds.map(({ session }) => session)),
    byHeaderMicros: median(rounds.map(({ header }) => header)),
    lookUpMicros: median(rounds.map(({ header, session }) => session - header)),
  };
}

function signIn(visits: Visits, origin: string, token: string): ReturnType<Visits['visit']> {
  const headers = { 'content-type': 'application/json', origin };
  return visits.visit({ method: 'POST', path: `${CLUSTER}/set-token`, headers, body: JSON.stringify({ token }) }, 200);
}

function memoryOf({ inspector }: MeasuredServer): Promise<Memory> {
  if (inspector === null) throw new Error('The server has no inspector.');
  return readMemory(inspector);
}
