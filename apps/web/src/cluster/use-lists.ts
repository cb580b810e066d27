/** Asks for lists, again and again while the page is visible. Plain lists: an open watch each would use up the browser's connections. */
import { type UseQueryOptions, type UseQueryResult, useQueries, useQuery } from '@tanstack/react-query';
import { ask } from '../api/ask.ts';
import { type Edges, useEdges } from '../edges.tsx';
import { KINDS, type Kind, listAccept, listPath, NAMESPACES } from './kinds.ts';
import type { NamespaceName } from './namespace-name.ts';
import { type Rows, readRows } from './rows.ts';

export interface KindList {
  readonly kind: Kind;
  readonly query: UseQueryResult<Rows>;
}

/** @param refreshMs - false: asked for once. */
export function useNamespaces(cluster: string, refreshMs: number | false): UseQueryResult<Rows> {
  const { fetch } = useEdges();
  return useQuery({ ...listQuery(fetch, cluster, NAMESPACES, null), refetchInterval: refreshMs });
}

/** One list per kind, in the order of the page. `namespace` null: all of them. */
export function useKindLists(
  cluster: string,
  namespace: NamespaceName | null,
  refreshMs: number | false,
): readonly KindList[] {
  const { fetch } = useEdges();
  const queries = useQueries({
    queries: KINDS.map((kind) => ({ ...listQuery(fetch, cluster, kind, namespace), refetchInterval: refreshMs })),
  });
  return KINDS.flatMap((kind, index) => {
    const query = queries[index];
    return query === undefined ? [] : { kind, query };
  });
}

function listQuery(
  fetch: Edges['fetch'],
  cluster: string,
  kind: Kind,
  namespace: NamespaceName | null,
): UseQueryOptions<Rows> {
  return {
    queryKey: ['list', cluster, kind.api, kind.plural, namespace],
    queryFn: async ({ signal }) => {
      const path = listPath(cluster, kind, namespace);
      return readRows(kind, (await ask({ fetch, path, signal, accept: listAccept(kind) })).body);
    },
  };
}
