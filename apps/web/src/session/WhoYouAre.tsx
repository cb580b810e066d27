/** Who is signed in, as what, how, and for how long. */
import type { ReactElement } from 'react';
import { METHOD_SENTENCES, type Person } from './person.ts';
import { TimeLeft } from './TimeLeft.tsx';
import type { SessionView } from './use-session.ts';

interface Props {
  readonly person: Person;
  readonly session: SessionView;
  readonly onEnded: () => void;
}

export function WhoYouAre({ person, session, onEnded }: Props): ReactElement {
  return (
    <section aria-label="Who you are" className="who">
      <dl>
        <div>
          <dt>Signed in as</dt>
          <dd>
            <strong>{person.name}</strong>
            {person.username !== person.name && <small>known to the cluster as {person.username}</small>}
          </dd>
        </div>
        <div>
          <dt>Groups</dt>
          <dd>
            <Groups groups={person.groups} />
          </dd>
        </div>
        <div>
          <dt>Signed in</dt>
          <dd>{METHOD_SENTENCES[session.method]}</dd>
        </div>
        <div>
          <dt>{session.end.limit === 'token' ? 'Token valid for' : 'Session ends in'}</dt>
          <dd>
            <TimeLeft end={session.end} onEnded={onEnded} />
          </dd>
        </div>
      </dl>
    </section>
  );
}

function Groups({ groups }: { groups: readonly string[] }): ReactElement {
  if (groups.length === 0) return <>None</>;
  return (
    <ul className="chips" aria-label="Groups">
      {groups.map((group) => (
        <li key={group}>{group}</li>
      ))}
    </ul>
  );
}
