import { act, fireEvent, screen, waitFor } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { cluster, configWith, renderApp, signedIn, signedOut } from '../testing/render-app.tsx';
import { type Reply, refusal } from '../testing/stub-server.ts';

const AT_PROVIDER = '/oidc?cluster=harbour&returnTo=%2Fc%2Fharbour%3Fnamespace%3Dteam-a';
const AUTO = { autoLogin: true };
const SIGNED_IN: Record<string, Reply> = {
  ...signedIn({ username: 'vera' }),
  'GET /config': configWith(AUTO, cluster('harbour')),
  'GET /clusters/harbour/api*': { body: { items: [] } },
};

const choice = (): Promise<HTMLElement> => screen.findByRole('button', { name: 'Sign in with your provider' });

describe('where the server signs people in by itself', () => {
  it('somebody without a session goes straight to the provider, and comes back to the page they wanted', async () => {
    const app = renderApp('/c/harbour?namespace=team-a', signedOut(AUTO));
    await waitFor(() => expect(app.opened).toEqual([AT_PROVIDER]));
    expect(screen.getByText('Taking you to your provider…').getAttribute('role')).toBe('status');
  });

  it('somebody who comes back without a session is asked, and not sent round in a circle', async () => {
    const first = renderApp('/c/harbour?namespace=team-a', signedOut(AUTO));
    await waitFor(() => expect(first.opened).toHaveLength(1));
    const second = renderApp('/c/harbour?namespace=team-a', signedOut(AUTO));
    await choice();
    expect(second.opened).toEqual([]);
  });

  it('somebody who steps back from the provider to the page as it was left is asked', async () => {
    const app = renderApp('/c/harbour', signedOut(AUTO));
    await waitFor(() => expect(app.opened).toHaveLength(1));
    act(() => void dispatchEvent(Object.assign(new Event('pageshow'), { persisted: true })));
    await choice();
    expect(app.opened).toHaveLength(1);
  });

  it('a session once seen lets the next visit go straight again', async () => {
    renderApp('/c/harbour?namespace=team-a', signedOut(AUTO));
    await waitFor(() => expect(sessionStorage).toHaveLength(1));
    renderApp('/c/harbour', SIGNED_IN);
    await waitFor(() => expect(sessionStorage).toHaveLength(0));
    const next = renderApp('/c/harbour?namespace=team-a', signedOut(AUTO));
    await waitFor(() => expect(next.opened).toEqual([AT_PROVIDER]));
  });

  it.each(['signed_out', 'session_ended', 'session_expired', 'token_expired', 'refresh_refused', 'something_new'])(
    'somebody who is told %s stays to read it',
    async (why) => {
      const app = renderApp(`/c/harbour/login?why=${why}`, signedOut(AUTO));
      await choice();
      expect(app.opened).toEqual([]);
    },
  );

  it('somebody who opens the sign-in page themselves may choose', async () => {
    const app = renderApp('/c/harbour/login', signedOut(AUTO));
    await choice();
    expect(app.opened).toEqual([]);
  });

  it('somebody who logged out is not signed in again, also when the provider leads them back to the start page', async () => {
    const leaving = renderApp('/c/harbour', {
      ...SIGNED_IN,
      'POST /clusters/harbour/logout': { body: { redirect: '/oidc-logout?state=AAAA' } },
    });
    fireEvent.click(await screen.findByRole('button', { name: 'Log out' }));
    await waitFor(() => expect(leaving.opened).toEqual(['/oidc-logout?state=AAAA']));
    const back = renderApp('/', signedOut(AUTO));
    await choice();
    expect(back.opened).toEqual([]);
  });

  it('somebody whose other tab logged out is told that their session ended', async () => {
    const app = renderApp('/c/harbour', {
      ...SIGNED_IN,
      // The cookie went with the session.
      'GET /clusters/harbour/api/v1/pods': refusal(401, 'not_signed_in', 'm'),
    });
    await waitFor(() => expect(app.address()).toBe('/c/harbour/login?why=session_ended&returnTo=%2Fc%2Fharbour'));
    await choice();
    expect(app.opened).toEqual([]);
  });

  it('nobody is sent where the browser keeps no mark to stop the next time', async () => {
    const refuse = (): never => {
      throw new DOMException('no', 'SecurityError');
    };
    const kept: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>[] = [
      { getItem: refuse, setItem: refuse, removeItem: refuse },
      { getItem: () => null, setItem: refuse, removeItem: () => undefined },
    ];
    for (const tabMemory of kept) {
      const app = renderApp('/c/harbour', signedOut(AUTO), { tabMemory });
      await screen.findAllByRole('button', { name: 'Sign in with your provider' });
      expect(app.opened).toEqual([]);
    }
  });

  it('a cluster without a provider asks for a token as ever', async () => {
    const app = renderApp('/c/harbour', { ...signedOut(), 'GET /config': configWith(AUTO, cluster('harbour', '')) });
    expect(await screen.findByRole('link', { name: 'Use a token' })).toBeTruthy();
    expect(app.opened).toEqual([]);
  });
});

describe('where the server hides the sign-in with a token', () => {
  const HIDDEN = { hideTokenLogin: true };

  it('the sign-in page does not offer it', async () => {
    renderApp('/c/harbour/login', signedOut(HIDDEN));
    await choice();
    expect(screen.queryByRole('link', { name: 'Use a token' })).toBeNull();
  });

  it('its page is still there for who knows the address, and says so', async () => {
    renderApp('/c/harbour/token', signedOut(HIDDEN));
    expect(await screen.findByText(/^People sign in to this cluster with their provider\./)).toBeTruthy();
    expect(screen.getByLabelText('Token')).toBeTruthy();
  });

  it('a cluster without a provider still offers it: it is the only way in', async () => {
    renderApp('/c/harbour/login', { 'GET /config': configWith(HIDDEN, cluster('harbour', '')) });
    expect(await screen.findByRole('link', { name: 'Use a token' })).toBeTruthy();
  });
});
