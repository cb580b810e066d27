/** "Your sessions": every browser in which somebody is signed in, and the way to end what they do not know. */
import type { ReactElement } from 'react';
import { usePageHeading } from '../navigation/use-page-heading.ts';
import type { SignedInView } from '../session/SignedIn.tsx';
import { SignedInFrame } from '../session/SignedInFrame.tsx';
import { OwnSessions } from './OwnSessions.tsx';

interface Props {
  readonly cluster: string;
  readonly view: SignedInView;
}

export function SessionsPage({ cluster, view }: Props): ReactElement {
  const heading = usePageHeading(`Your sessions, ${cluster}`);
  return (
    <SignedInFrame
      {...view}
      cluster={cluster}
      page="sessions"
      heading={
        <h1 ref={heading} tabIndex={-1}>
          Your sessions
        </h1>
      }
    >
      {view.session.method === 'proxy' ? (
        <p>The proxy in front of this server signs you in. This server keeps no session of yours.</p>
      ) : (
        <OwnSessions cluster={cluster} leaving={view.leaving} />
      )}
    </SignedInFrame>
  );
}
