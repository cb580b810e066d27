/** The order of the sections on the page, under their two headings. */
import type { ReactElement, ReactNode } from 'react';
import { KindSection } from './KindSection.tsx';
import { CONFIGURATION, WORKLOADS } from './kinds.ts';
import { type KindState, Overview } from './Overview.tsx';

interface Props {
  readonly kinds: readonly KindState[];
  /** The one shown, or null for all. */
  readonly namespace: string | null;
  /** What stands before the workloads. */
  readonly children: ReactNode;
}

const GROUPS = [
  { title: 'Workloads', members: WORKLOADS },
  { title: 'Configuration', members: CONFIGURATION },
] as const;

export function KindGroups({ kinds, namespace, children }: Props): ReactElement {
  return (
    <>
      <Overview kinds={kinds} />
      {children}
      {GROUPS.map(({ title, members }) => (
        <div key={title} className="group">
          <h2>{title}</h2>
          {kinds
            .filter(({ kind }) => members.includes(kind))
            .map(({ kind, state }) => (
              <KindSection key={kind.plural} kind={kind} state={state} namespace={namespace} />
            ))}
        </div>
      ))}
    </>
  );
}
