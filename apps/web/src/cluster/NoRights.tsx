/** For somebody whom the cluster refuses everything: said plainly, with what an administrator needs to know. */
import type { ReactElement, ReactNode } from 'react';
import { bindableGroups, bindCommand, type Person } from '../session/person.ts';

interface Props {
  readonly person: Person;
  /** Where was looked: a namespace, or null for the cluster as a whole. */
  readonly namespace: string | null;
  /** The way to another namespace. */
  readonly children: ReactNode;
}

/** What stands for the namespace in the example, until somebody chose one. */
const SOME_NAMESPACE = 'NAMESPACE';

export function NoRights({ person, namespace, children }: Props): ReactElement {
  const groups = bindableGroups(person);
  return (
    <section className="no-rights" aria-labelledby="no-rights-heading">
      <div role="alert">
        <h2 id="no-rights-heading">You are signed in, but this cluster gives you no rights.</h2>
      </div>
      <p>
        {namespace === null
          ? 'You may not list namespaces, nor anything else across the cluster. If you were given a namespace, name it:'
          : `You may not list namespaces, nor anything in ${namespace}. If you were given another one, name it:`}
      </p>
      {children}
      <h3>What to ask for</h3>
      <p>An administrator of this cluster can give you rights. They need to know exactly who you are to it:</p>
      <dl className="identity">
        <div>
          <dt>User</dt>
          <dd>
            <code>{person.username}</code>
          </dd>
        </div>
        <div>
          <dt>Groups</dt>
          <dd>{groups.length === 0 ? 'None of your own' : <Groups groups={groups} />}</dd>
        </div>
      </dl>
      <p>For reading in one namespace, for example, they can run:</p>
      <pre>
        <code>{bindCommand(person, namespace ?? SOME_NAMESPACE)}</code>
      </pre>
    </section>
  );
}

function Groups({ groups }: { groups: readonly string[] }): ReactElement {
  return (
    <ul>
      {groups.map((group) => (
        <li key={group}>
          <code>{group}</code>
        </li>
      ))}
    </ul>
  );
}
