/** Something that should have worked did not: what, what the server said, and trying again. */
import type { ReactElement } from 'react';
import { Refused } from './api/refused.ts';

interface Props {
  readonly title: string;
  readonly error: Error;
  readonly onTryAgain: () => void;
}

export function Trouble({ title, error, onTryAgain }: Props): ReactElement {
  return (
    <div role="alert" className="notice bad trouble">
      <p>{title}</p>
      {error instanceof Refused && <p className="fine">{error.message}</p>}
      <button type="button" className="button quiet" onClick={onTryAgain}>
        Try again
      </button>
    </div>
  );
}
