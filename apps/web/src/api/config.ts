/** What this server offers, as `/config` says: its clusters, and how people may sign in. */
import type { ConfigResponse } from '@lamplighter/server/wire';
import { type UseQueryResult, useQuery } from '@tanstack/react-query';
import { useEdges } from '../edges.tsx';
import { ask } from './ask.ts';

export function useConfig(): UseQueryResult<ConfigResponse> {
  const { fetch } = useEdges();
  return useQuery({
    queryKey: ['config'],
    staleTime: Number.POSITIVE_INFINITY,
    // Our own server's answer, of the shape wire.ts promises.
    queryFn: async ({ signal }) => (await ask({ fetch, path: '/config', signal })).body as ConfigResponse,
  });
}
