/** A person's own sessions, as the server lists them, and ending them. Neither is activity. */
import type { OwnSession, OwnSessionsResponse } from '@lamplighter/server/wire';
import { type UseQueryResult, useQuery } from '@tanstack/react-query';
import { type Answer, ask } from '../api/ask.ts';
import { SESSION_REFRESH_MS } from '../constants.ts';
import { type Edges, useEdges } from '../edges.tsx';

const path = (cluster: string): string => `/clusters/${encodeURIComponent(cluster)}/sessions`;

export function useOwnSessions(cluster: string): UseQueryResult<readonly OwnSession[]> {
  const { fetch } = useEdges();
  return useQuery({
    queryKey: ['own sessions', cluster],
    refetchInterval: SESSION_REFRESH_MS,
    queryFn: async ({ signal }) => {
      const { body } = await ask({ fetch, path: path(cluster), signal });
      // Our own server's answer, of the shape wire.ts promises.
      return (body as OwnSessionsResponse).sessions;
    },
  });
}

export function endSession(fetch: Edges['fetch'], cluster: string, handle: string): Promise<Answer> {
  return ask({ fetch, path: `${path(cluster)}/${encodeURIComponent(handle)}`, method: 'DELETE' });
}

/** All but the one of this browser. */
export function endOtherSessions(fetch: Edges['fetch'], cluster: string): Promise<Answer> {
  return ask({ fetch, path: path(cluster), method: 'DELETE' });
}
