/** What stands around every page of somebody signed in: where they are, who they are, for how long, and the way out. */
import type { ReactElement, ReactNode } from 'react';
import { Link } from 'wouter';
import { Brand } from '../Brand.tsx';
import { clusterAddress, loginAddress, sessionsAddress } from '../navigation/address.ts';
import { useHere } from '../navigation/use-place.ts';
import { EndingSoon } from './EndingSoon.tsx';
import { LogOut } from './LogOut.tsx';
import type { SignedInView } from './SignedIn.tsx';
import { WhoYouAre } from './WhoYouAre.tsx';

interface Props extends SignedInView {
  readonly cluster: string;
  /** The page's `h1`. */
  readonly heading: ReactElement;
  readonly page: 'cluster' | 'sessions';
  readonly children: ReactNode;
}

export function SignedInFrame({
  cluster,
  heading,
  page,
  session,
  person,
  leaving,
  askAgain,
  children,
}: Props): ReactElement {
  const here = useHere();
  return (
    <>
      <header className="masthead">
        <div className="wide">
          <Brand size={32} />
          {heading}
          {session.method === 'proxy' ? (
            <p className="by-proxy">Signed in by the proxy in front</p>
          ) : (
            <>
              {page === 'cluster' ? (
                <Link href={sessionsAddress(cluster)} className="button quiet">
                  Your sessions
                </Link>
              ) : (
                <Link href={clusterAddress(cluster)} className="button quiet">
                  Back to the cluster
                </Link>
              )}
              <LogOut cluster={cluster} leaving={leaving} />
            </>
          )}
        </div>
      </header>
      <WhoYouAre
        person={person}
        session={session}
        onEnded={(limit) => leaving.finish(limit === 'token' ? 'token_ended' : 'session_ended')}
        onIdle={() => void askAgain()}
      />
      <main className="wide">
        <EndingSoon
          cluster={cluster}
          ends={session.ends}
          signInAddress={loginAddress(cluster, { returnTo: here })}
          leaving={leaving}
          onUsed={askAgain}
        />
        {children}
      </main>
    </>
  );
}
