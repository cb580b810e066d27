/** One kind's section: its rows, or why there are none. */
import type { ReactElement, ReactNode } from 'react';
import type { Kind } from './kinds.ts';
import type { ListState } from './list-state.ts';
import { RowsTable } from './RowsTable.tsx';
import type { Row } from './rows.ts';

interface Props {
  readonly kind: Kind;
  readonly state: ListState;
  /** Where was looked: a namespace's name, or null for all. */
  readonly namespace: string | null;
  readonly renderName?: (row: Row) => ReactNode;
}

export function KindSection(props: Props): ReactElement {
  const { kind, state } = props;
  const headingId = `${kind.plural}-heading`;
  return (
    <section id={kind.plural} className={`kind ${state.state}`} aria-labelledby={headingId}>
      <header>
        <h3 id={headingId}>{kind.title}</h3>
        {state.state === 'rows' && <span className="count">{countInWords(state)}</span>}
      </header>
      <Body {...props} headingId={headingId} />
    </section>
  );
}

function Body({ kind, state, namespace, renderName, headingId }: Props & { headingId: string }): ReactElement {
  switch (state.state) {
    case 'loading':
      return <p className="fine">Loading {kind.words}…</p>;
    case 'refused':
      return (
        <div className="refusal">
          <p>The cluster does not let you list {kind.words}.</p>
          <p className="fine">{state.message}</p>
        </div>
      );
    case 'failed':
      return (
        <div className="refusal failed">
          <p>The list of {kind.words} could not be had. Trying again soon.</p>
          <p className="fine">{state.message}</p>
        </div>
      );
    case 'rows':
      return (
        <>
          {state.stale !== null && (
            <p className="fine stale">This list is not fresh, the last refresh failed: {state.stale}</p>
          )}
          {state.list.rows.length === 0 ? (
            <p className="fine">{namespace === null ? `No ${kind.words}.` : `No ${kind.words} in ${namespace}.`}</p>
          ) : (
            <RowsTable
              list={state.list}
              kind={kind}
              labelledBy={headingId}
              withNamespace={kind.namespaced && namespace === null}
              {...(renderName === undefined ? {} : { renderName })}
            />
          )}
        </>
      );
  }
}

/** How many there are, as far as the list tells. */
export function countInWords({ list }: Extract<ListState, { state: 'rows' }>): string {
  const { rows, notShown } = list;
  if (notShown === null) return `${rows.length}+`;
  return String(rows.length + notShown);
}
