/** Takes the name of a namespace from somebody who may not list them. */
import { type ReactElement, type SubmitEvent, useId, useState } from 'react';
import { type NamespaceName, parseNamespace } from './namespace-name.ts';

interface Props {
  /** The one shown now, or null. */
  readonly chosen: string | null;
  /** Names to offer: entered before, or named by the server's configuration. */
  readonly suggestions: readonly NamespaceName[];
  readonly onChoose: (namespace: NamespaceName) => void;
}

export function NamespaceField({ chosen, suggestions, onChoose }: Props): ReactElement {
  const id = useId();
  const [problem, setProblem] = useState(false);
  const others = suggestions.filter((name) => name !== chosen);

  function submit(event: SubmitEvent<HTMLFormElement>): void {
    event.preventDefault();
    const name = parseNamespace(String(new FormData(event.currentTarget).get('namespace') ?? ''));
    setProblem(name === null);
    if (name !== null) onChoose(name);
  }

  return (
    <form className="field inline namespace-field" onSubmit={submit} noValidate>
      <label htmlFor={id}>Namespace</label>
      <input
        key={chosen}
        id={id}
        name="namespace"
        type="text"
        defaultValue={chosen ?? ''}
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
        aria-invalid={problem}
        aria-describedby={problem ? `${id}-problem` : undefined}
      />
      <button type="submit" className="button">
        Open
      </button>
      {others.length > 0 && (
        <ul className="suggestions" aria-label="Namespaces to try">
          {others.map((name) => (
            <li key={name}>
              <button type="button" className="link" onClick={() => onChoose(name)}>
                {name}
              </button>
            </li>
          ))}
        </ul>
      )}
      {problem && (
        <p role="alert" id={`${id}-problem`} className="fine problem">
          The name of a namespace has only small letters, digits and hyphens.
        </p>
      )}
    </form>
  );
}
