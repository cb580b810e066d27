/** The lists of a cluster or of one namespace, or what stands in their place. */
import type { ClusterSummary } from '@lamplighter/server/wire';
import { type ReactElement, useEffect } from 'react';
import { useEdges } from '../edges.tsx';
import type { Person } from '../session/person.ts';
import { Trouble } from '../Trouble.tsx';
import { Waiting } from '../Waiting.tsx';
import { KindGroups } from './KindGroups.tsx';
import { KindSection } from './KindSection.tsx';
import { NAMESPACES } from './kinds.ts';
import { readListState } from './list-state.ts';
import { NamespaceField } from './NamespaceField.tsx';
import { NamespaceSelect } from './NamespaceSelect.tsx';
import { NoRights } from './NoRights.tsx';
import { type NamespaceName, parseNamespace } from './namespace-name.ts';
import { readRemembered, remember } from './remembered.ts';
import { readAccess } from './scope.ts';
import { useKindLists, useNamespaces } from './use-lists.ts';

interface Props {
  readonly cluster: ClusterSummary;
  readonly person: Person;
  /** The one shown, or null for all. */
  readonly namespace: NamespaceName | null;
  /** How often the lists are asked for again; false: not at all. */
  readonly refreshMs: number | false;
  readonly onChoose: (namespace: string | null) => void;
}

export function ClusterLists({ cluster, person, namespace, refreshMs, onChoose }: Props): ReactElement {
  const { memory } = useEdges();
  const namespacesQuery = useNamespaces(cluster.name, refreshMs);
  const namespaces = readListState(namespacesQuery);
  const lists = useKindLists(cluster.name, namespace, refreshMs);
  const kinds = lists.map(({ kind, query }) => ({ kind, state: readListState(query) }));
  const access = readAccess(
    namespaces,
    kinds.map(({ state }) => state),
  );
  const remembered = readRemembered(memory, cluster.name);

  // Whoever has nothing across the cluster starts where they were last time.
  const last = access === 'none' && namespace === null ? remembered[0] : undefined;
  useEffect(() => {
    if (last !== undefined) onChoose(last);
  }, [last, onChoose]);

  const field = (
    <NamespaceField
      chosen={namespace}
      suggestions={suggest(remembered, cluster.meta_data.namespace)}
      onChoose={(name) => {
        remember(memory, cluster.name, name);
        onChoose(name);
      }}
    />
  );

  if (access === 'none') {
    return (
      <NoRights person={person} namespace={namespace}>
        {field}
      </NoRights>
    );
  }
  if (access === 'unreachable') {
    const error = namespacesQuery.error ?? new Error('Nothing could be listed.');
    const tryAgain = (): Promise<unknown> =>
      Promise.all([namespacesQuery.refetch(), ...lists.map(({ query }) => query.refetch())]);
    return <Trouble title="The cluster does not answer." error={error} onTryAgain={() => void tryAgain()} />;
  }
  // Until something was listed it is open which of the two ways to choose a namespace fits.
  if (access === 'undecided') return <Waiting>Looking at what you may see…</Waiting>;

  return (
    <>
      {namespaces.state === 'refused' && (
        <div className="notice scope">
          <p>You may not list namespaces.</p>
          {field}
        </div>
      )}
      {namespaces.state === 'rows' && (
        <NamespaceSelect names={namespaces.list.rows.map(({ name }) => name)} chosen={namespace} onChoose={onChoose} />
      )}
      {namespaces.state === 'failed' && field}
      <KindGroups kinds={kinds} namespace={namespace}>
        {namespaces.state !== 'refused' && namespace === null && (
          <KindSection
            kind={NAMESPACES}
            state={namespaces}
            namespace={null}
            renderName={({ name }) => (
              <button type="button" className="link" onClick={() => onChoose(name)}>
                {name}
              </button>
            )}
          />
        )}
      </KindGroups>
    </>
  );
}

/** What was entered before, and the namespace the kubeconfig names, if it does. */
function suggest(remembered: readonly NamespaceName[], configured: string): readonly NamespaceName[] {
  const name = parseNamespace(configured);
  return name === null || remembered.includes(name) ? remembered : [...remembered, name];
}
