import { fireEvent, screen, waitFor } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { type BrowserOfTest, renderApp, type StartedApp, signedIn, signedOut } from '../testing/render-app.tsx';
import { sayWord } from './word-of-sign-in.ts';

async function openWindow(browser: BrowserOfTest = {}): Promise<StartedApp> {
  const app = renderApp('/c/harbour?namespace=team-a', signedOut(), browser);
  fireEvent.click(await screen.findByRole('button', { name: 'Sign in in a new window' }));
  return app;
}

/** A browser tells of a change of storage only the other tabs; this is how it does. */
function storageChanged(key: string, newValue: string): void {
  dispatchEvent(new StorageEvent('storage', { key, newValue }));
}

describe('a sign-in in a new window', () => {
  it('leaves this page where it is and says what to do', async () => {
    const app = await openWindow();
    expect(app.windows).toEqual(['/oidc?cluster=harbour']);
    expect(app.opened).toEqual([]);
    expect(screen.getByText('Finish the sign-in in the other window. This page goes on by itself.')).toBeTruthy();
  });

  it('that is done lets this page go on to what was wanted', async () => {
    const app = await openWindow();
    app.server.change({ ...signedIn({ username: 'vera' }), 'GET /clusters/harbour/api*': { body: { items: [] } } });
    sayWord(localStorage, 'harbour');
    await waitFor(() => expect(app.address()).toBe('/c/harbour?namespace=team-a'));
    expect(await screen.findByRole('region', { name: 'Who you are' })).toBeTruthy();
  });

  it('is heard of through storage too, as Headlamp’s frontend says it', async () => {
    const app = await openWindow();
    app.server.change({ ...signedIn({ username: 'vera' }), 'GET /clusters/harbour/api*': { body: { items: [] } } });
    storageChanged('auth_status', 'success');
    await waitFor(() => expect(app.address()).toBe('/c/harbour?namespace=team-a'));
  });

  it('becomes one in this window when the browser blocks the other', async () => {
    const app = await openWindow({ blocksWindows: true });
    expect(app.opened).toEqual(['/oidc?cluster=harbour&returnTo=%2Fc%2Fharbour%3Fnamespace%3Dteam-a']);
  });
});

describe('the page where a sign-in in a window of its own ends', () => {
  it('says so to the other windows, closes, and where it cannot goes on to the cluster', async () => {
    const heard: unknown[] = [];
    const channel = new BroadcastChannel('lamplighter-sign-in');
    channel.addEventListener('message', ({ data }) => heard.push(data));
    const app = renderApp('/auth?cluster=harbour', signedOut());
    expect(app.closings()).toBe(1);
    expect(localStorage.getItem('auth_status')).toBe('success');
    await waitFor(() => expect(heard).toEqual(['harbour']));
    channel.close();
    await waitFor(() => expect(app.address()).toMatch(/^\/c\/harbour/));
  });

  it('is a change of storage each time: the last sign-in left the same word', () => {
    const changes: string[] = [];
    const memory = {
      getItem: () => 'success',
      setItem: (key: string, value: string) => void changes.push(`${key}=${value}`),
      removeItem: (key: string) => void changes.push(`${key} removed`),
    };
    renderApp('/auth?cluster=harbour', signedOut(), { memory });
    expect(changes).toEqual(['auth_status removed', 'auth_status=success']);
  });

  it('goes on where the browser blocks storage, and to the start page without a cluster', async () => {
    const refuse = (): never => {
      throw new DOMException('no', 'SecurityError');
    };
    const memory = { getItem: refuse, setItem: refuse, removeItem: refuse };
    const app = renderApp('/auth', { 'GET /config': { body: { clusters: [], lamplighter: {} } } }, { memory });
    await waitFor(() => expect(app.address()).toBe('/'));
  });
});
