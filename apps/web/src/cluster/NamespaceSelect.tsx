/** Chooses among the namespaces somebody may list. */
import { type ReactElement, useId } from 'react';

interface Props {
  readonly names: readonly string[];
  /** The chosen one, or null for all. */
  readonly chosen: string | null;
  readonly onChoose: (namespace: string | null) => void;
}

export function NamespaceSelect({ names, chosen, onChoose }: Props): ReactElement {
  const id = useId();
  const options = chosen === null || names.includes(chosen) ? names : [chosen, ...names];
  return (
    <div className="field inline">
      <label htmlFor={id}>Namespace</label>
      <select id={id} value={chosen ?? ''} onChange={(event) => onChoose(event.target.value || null)}>
        <option value="">All namespaces</option>
        {options.map((name) => (
          <option key={name} value={name}>
            {name}
          </option>
        ))}
      </select>
    </div>
  );
}
