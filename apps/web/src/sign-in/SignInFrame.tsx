/** The quiet frame of every page before the cluster: a lamp, its light, one card. */
import type { ReactElement, ReactNode } from 'react';
import { Link } from 'wouter';

export function SignInFrame({ children }: { children: ReactNode }): ReactElement {
  return (
    <div className="sign-in">
      <header>
        <Link href="/" className="brand">
          <img src="/lamp.svg" alt="" width="72" height="72" />
          Lamplighter
        </Link>
      </header>
      <main className="card">{children}</main>
    </div>
  );
}
