/** What stands on the page while an answer is awaited. */
import type { ReactElement, ReactNode } from 'react';

export function Waiting({ children }: { children: ReactNode }): ReactElement {
  return (
    <p role="status" className="waiting">
      {children}
    </p>
  );
}
