/** One's own sessions, one a row: when each began, was last used and ends at the latest. */
import type { OwnSession } from '@lamplighter/server/wire';
import type { ReactElement } from 'react';
import { ConfirmButton } from './ConfirmButton.tsx';

interface Props {
  readonly sessions: readonly OwnSession[];
  readonly labelledBy: string;
  readonly busy: boolean;
  readonly onEnd: (session: OwnSession) => void;
}

export function SessionsTable({ sessions, labelledBy, busy, onEnd }: Props): ReactElement {
  return (
    <table aria-labelledby={labelledBy} className="sessions">
      <thead>
        <tr>
          <th scope="col">Signed in</th>
          <th scope="col">Last used</th>
          <th scope="col">Ends</th>
          <th scope="col">
            <span className="hidden">What you can do</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {sessions.map((session, index) => {
          const headerId = `session-${index}`;
          return (
            <tr key={session.handle} aria-current={session.current ? 'true' : undefined}>
              <th scope="row" id={headerId}>
                <Moment at={session.createdAt} />
              </th>
              <td>
                <Moment at={session.usedAt} />
              </td>
              <td>
                <Moment at={session.expiresAt} />
              </td>
              <td>
                {session.current ? (
                  <span className="this-one">This browser</span>
                ) : (
                  <ConfirmButton
                    label="End"
                    question="Really end?"
                    describedBy={headerId}
                    disabled={busy}
                    onConfirm={() => onEnd(session)}
                  />
                )}
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

const IN_WORDS = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });

/** In the reader's own language and time zone. */
function Moment({ at }: { at: string }): ReactElement {
  return <time dateTime={at}>{IN_WORDS.format(new Date(at))}</time>;
}
