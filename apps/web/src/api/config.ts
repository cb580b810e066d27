/** The clusters this server offers, as `/config` lists them. */
import type { ClusterSummary, ConfigResponse } from '@lamplighter/server/wire';
import { type UseQueryResult, useQuery } from '@tanstack/react-query';
import { useEdges } from '../edges.tsx';
import { ask } from './ask.ts';

export function useClusters(): UseQueryResult<readonly ClusterSummary[]> {
  const { fetch } = useEdges();
  return useQuery({
    queryKey: ['config'],
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: async ({ signal }) => {
      const { body } = await ask({ fetch, path: '/config', signal });
      // Our own server's answer, of the shape wire.ts promises.
      return (body as ConfigResponse).clusters;
    },
  });
}
