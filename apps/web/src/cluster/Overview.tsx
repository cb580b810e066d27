/** All kinds at a glance: how many of each, and a way to the section. */
import type { ReactElement } from 'react';
import { countInWords } from './KindSection.tsx';
import type { Kind } from './kinds.ts';
import type { ListState } from './list-state.ts';

export interface KindState {
  readonly kind: Kind;
  readonly state: ListState;
}

export function Overview({ kinds }: { kinds: readonly KindState[] }): ReactElement {
  return (
    <nav aria-label="Kinds" className="overview">
      <ul>
        {kinds.map(({ kind, state }) => (
          <li key={kind.plural} className={state.state}>
            <a href={`#${kind.plural}`}>
              <span className="figure">{figure(state)}</span> {kind.title}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}

function figure(state: ListState): string {
  switch (state.state) {
    case 'loading':
      return '…';
    case 'refused':
      return 'no access';
    case 'failed':
      return 'unknown';
    case 'rows':
      return countInWords(state);
  }
}
