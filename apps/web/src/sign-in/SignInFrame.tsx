/** The quiet frame of every page before the cluster: a lamp, its light, one card. */
import type { ReactElement, ReactNode } from 'react';
import { Brand } from '../Brand.tsx';

export function SignInFrame({ children }: { children: ReactNode }): ReactElement {
  return (
    <div className="sign-in">
      <header>
        <Brand size={72} />
      </header>
      <main className="card">{children}</main>
    </div>
  );
}
