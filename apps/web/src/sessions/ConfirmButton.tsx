/** A button that asks once more before it does what cannot be undone; leaving it takes the question back. */
import { type ReactElement, useState } from 'react';

interface Props {
  readonly label: string;
  /** What it says when it asks. */
  readonly question: string;
  /** What is meant, for who hears the button without seeing what stands beside it. */
  readonly describedBy?: string;
  readonly disabled: boolean;
  readonly onConfirm: () => void;
}

export function ConfirmButton({ label, question, describedBy, disabled, onConfirm }: Props): ReactElement {
  const [asks, setAsks] = useState(false);
  return (
    <>
      <button
        type="button"
        className={asks ? 'button quiet asks' : 'button quiet'}
        aria-describedby={describedBy}
        disabled={disabled}
        onClick={() => {
          setAsks(!asks);
          if (asks) onConfirm();
        }}
        onBlur={() => setAsks(false)}
        onKeyDown={({ key }) => {
          if (key === 'Escape') setAsks(false);
        }}
      >
        {asks ? question : label}
      </button>
      <span aria-live="polite" className="hidden">
        {asks && `${question} Press again to confirm.`}
      </span>
    </>
  );
}
