/** The rows of one list, as a table that a narrow screen can hold. */
import { type ReactElement, type ReactNode, useState } from 'react';
import { ROWS_SHOWN_AT_FIRST } from '../constants.ts';
import { useNow } from '../session/use-now.ts';
import { ageInWords } from './age.ts';
import type { Kind } from './kinds.ts';
import type { Row, Rows } from './rows.ts';

interface Props {
  readonly list: Rows;
  readonly kind: Kind;
  /** The id of the heading that names the table. */
  readonly labelledBy: string;
  readonly withNamespace: boolean;
  /** What stands for a name, when it is more than text. */
  readonly renderName?: (row: Row) => ReactNode;
}

const AGES_REFRESH_MS = 10_000;

export function RowsTable({ list, kind, labelledBy, withNamespace, renderName }: Props): ReactElement {
  const now = useNow(AGES_REFRESH_MS);
  const [all, setAll] = useState(false);
  const shown = all ? list.rows : list.rows.slice(0, ROWS_SHOWN_AT_FIRST);
  const withStatus = kind.status !== null;
  return (
    <>
      <table aria-labelledby={labelledBy}>
        <thead>
          <tr>
            <th scope="col">Name</th>
            {withNamespace && <th scope="col">Namespace</th>}
            {withStatus && <th scope="col">{kind.statusTitle}</th>}
            <th scope="col" className="age">
              Age
            </th>
          </tr>
        </thead>
        <tbody>
          {shown.map((row) => (
            <tr key={`${row.namespace}/${row.name}`}>
              <th scope="row">{renderName === undefined ? row.name : renderName(row)}</th>
              {withNamespace && <td className="namespace">{row.namespace}</td>}
              {withStatus && (
                <td>{row.status !== null && <Status words={row.status.words} tone={row.status.tone} />}</td>
              )}
              <td className="age">
                <time dateTime={row.created} title={row.created}>
                  {ageInWords(row.created, now)}
                </time>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {shown.length < list.rows.length && (
        <button type="button" className="button quiet more" onClick={() => setAll(true)}>
          Show all {list.rows.length} {kind.words}
        </button>
      )}
      {list.notShown !== 0 && <p className="fine more">{moreNotShown(list.notShown)}</p>}
    </>
  );
}

function Status({ words, tone }: { words: string; tone: string }): ReactElement {
  return <span className={`status ${tone}`}>{words}</span>;
}

function moreNotShown(notShown: number | null): string {
  return notShown === null ? 'More are not shown.' : `${notShown} more are not shown.`;
}
