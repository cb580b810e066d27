/** Who is signed in, as what, how, and for how long. */
import type { ReactElement } from 'react';
import { METHOD_SENTENCES, type Person } from './person.ts';
import { TimeLeft } from './TimeLeft.tsx';
import type { SessionEnd } from './time-left.ts';
import type { SessionView } from './use-session.ts';

interface Props {
  readonly person: Person;
  readonly session: SessionView;
  /** The final end has come. */
  readonly onEnded: (limit: SessionEnd['limit']) => void;
  /** By what this page knows the session lay unused too long; another tab may have used it. */
  readonly onIdle: () => void;
}

const END_TITLES: Readonly<Record<SessionEnd['limit'], string>> = {
  session: 'Session ends in',
  token: 'Token valid for',
};

export function WhoYouAre({ person, session, onEnded, onIdle }: Props): ReactElement {
  const { final, idleAtMs } = session.ends;
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
            {person.groupsIncomplete && (
              <small>Not all of them: you are in more groups than your provider puts into a sign-in.</small>
            )}
          </dd>
        </div>
        <div>
          <dt>Signed in</dt>
          <dd>{METHOD_SENTENCES[session.method]}</dd>
        </div>
        <div>
          <dt>{final === null ? 'Session ends' : END_TITLES[final.limit]}</dt>
          <dd>
            {final === null ? (
              'As the proxy decides'
            ) : (
              <TimeLeft atMs={final.atMs} label="Time left" onEnded={() => onEnded(final.limit)} />
            )}
            {idleAtMs !== null && (
              <small>
                if unused, in <TimeLeft atMs={idleAtMs} label="Time left if unused" onEnded={onIdle} />
              </small>
            )}
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
