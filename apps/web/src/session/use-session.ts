/** What the page asks about the session: how long, how, and who. Asking is no activity, so it keeps no session alive. */
import type { MeResponse, SessionResponse, SignInMethod } from '@lamplighter/server/wire';
import { type UseQueryResult, useQuery } from '@tanstack/react-query';
import { ask } from '../api/ask.ts';
import { endsSession, Refused } from '../api/refused.ts';
import { SESSION_REFRESH_MS, SESSION_REFRESH_SOON_MS } from '../constants.ts';
import { type Edges, useEdges } from '../edges.tsx';
import { type Person, readPerson } from './person.ts';
import { isNearEnd, readSessionEnds, type SessionEnds } from './time-left.ts';

export interface SessionView {
  readonly method: SignInMethod;
  readonly ends: SessionEnds;
}

export function useSession(cluster: string): UseQueryResult<SessionView> {
  const { fetch, nowMs } = useEdges();
  return useQuery<SessionView>({
    queryKey: ['session', cluster],
    refetchInterval: ({ state: { data } }) =>
      data !== undefined && isNearEnd(data.ends, nowMs()) ? SESSION_REFRESH_SOON_MS : SESSION_REFRESH_MS,
    queryFn: async ({ signal }) => {
      const { body, serverTimeMs } = await ask({
        fetch,
        path: `/clusters/${encodeURIComponent(cluster)}/session`,
        signal,
      });
      // Our own server's answer, of the shape wire.ts promises.
      const session = body as SessionResponse;
      return { method: session.method, ends: readSessionEnds(session, serverTimeMs, nowMs()) };
    },
  });
}

export function usePerson(cluster: string): UseQueryResult<Person> {
  const { fetch } = useEdges();
  return useQuery({
    queryKey: ['person', cluster],
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: async ({ signal }) => {
      const base = `/clusters/${encodeURIComponent(cluster)}`;
      const [me, review] = await Promise.all([
        ask({ fetch, path: `${base}/me`, signal }),
        reviewSelf(fetch, base, signal),
      ]);
      // Our own server's answer, of the shape wire.ts promises.
      return readPerson(me.body as MeResponse, review);
    },
  });
}

/** The cluster's own view of the person (authentication.k8s.io/v1), or null where it does not say. Only our own 401 stays one. */
async function reviewSelf(fetch: Edges['fetch'], base: string, signal: AbortSignal): Promise<unknown> {
  const post = { apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview' };
  try {
    return (await ask({ fetch, path: `${base}/apis/authentication.k8s.io/v1/selfsubjectreviews`, signal, post })).body;
  } catch (error) {
    if (error instanceof Refused && !endsSession(error)) return null;
    throw error;
  }
}
