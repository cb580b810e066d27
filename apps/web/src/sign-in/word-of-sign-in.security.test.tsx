import { fireEvent, screen, waitFor } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { renderApp, signedOut } from '../testing/render-app.tsx';

const SESSION = 'GET /clusters/harbour/session';

/** Says things on our channel, as any script of this origin can, and waits until they were delivered. */
async function forge(...messages: readonly unknown[]): Promise<void> {
  const mouth = new BroadcastChannel('lamplighter-sign-in');
  const ear = new BroadcastChannel('lamplighter-sign-in');
  let heard = 0;
  ear.addEventListener('message', () => {
    heard += 1;
  });
  for (const message of messages) mouth.postMessage(message);
  await waitFor(() => expect(heard).toBe(messages.length));
  mouth.close();
  ear.close();
}

describe('a forged word that a sign-in is done', () => {
  it('signs nobody in: the server is asked, and says no', async () => {
    const app = renderApp('/c/harbour/login', signedOut());
    fireEvent.click(await screen.findByRole('button', { name: 'Sign in in a new window' }));
    await forge('harbour');
    dispatchEvent(new StorageEvent('storage', { key: 'auth_status', newValue: 'success' }));
    await waitFor(() => expect(app.server.asked.filter(({ what }) => what === SESSION)).toHaveLength(2));
    expect(app.address()).toBe('/c/harbour/login');
    expect(screen.getByRole('button', { name: 'Sign in with your provider' })).toBeTruthy();
  });

  it('of another shape, or for another cluster, is not even asked about', async () => {
    const app = renderApp('/c/harbour/login', signedOut());
    fireEvent.click(await screen.findByRole('button', { name: 'Sign in in a new window' }));
    await forge('elsewhere', '', null, { cluster: 'harbour' }, ['harbour'], { redirect: 'javascript:alert(1)' });
    dispatchEvent(new StorageEvent('storage', { key: 'auth_status', newValue: 'https://evil.example' }));
    dispatchEvent(new StorageEvent('storage', { key: 'elsewhere', newValue: 'success' }));
    await forge('harbour');
    await waitFor(() => expect(app.server.asked.filter(({ what }) => what === SESSION)).toHaveLength(1));
    expect(app.opened).toEqual([]);
  });

  it('is not heard by a page that opened no window', async () => {
    const app = renderApp('/c/harbour/login', signedOut());
    await screen.findByRole('button', { name: 'Sign in in a new window' });
    await forge('harbour');
    expect(app.server.asked.map(({ what }) => what)).toEqual(['GET /config']);
  });
});

describe('whoever listens to what the windows say', () => {
  it('hears the cluster’s name and nothing else', async () => {
    const heard: unknown[] = [];
    const ear = new BroadcastChannel('lamplighter-sign-in');
    ear.addEventListener('message', ({ data }) => heard.push(data));
    renderApp('/auth?cluster=harbour&code=secret&state=secret&token=secret', signedOut());
    await waitFor(() => expect(heard).toEqual(['harbour']));
    ear.close();
    expect({ ...localStorage }).toEqual({ auth_status: 'success' });
  });
});

describe('a link to the landing page', () => {
  it.each(['//evil.example', 'https://evil.example', 'javascript:alert(1)', '../../oidc?cluster=harbour'])(
    'for a “cluster” %j leads to a page of ours that asks nothing of it',
    async (name) => {
      const app = renderApp(`/auth?cluster=${encodeURIComponent(name)}`, signedOut());
      await waitFor(() => expect(app.address()).toBe(`/c/${encodeURIComponent(name)}`));
      expect(await screen.findByText(`This server knows no cluster called “${name}”.`)).toBeTruthy();
      expect(app.server.asked.map(({ what }) => what)).toEqual(['GET /config']);
      expect(app.opened).toEqual([]);
    },
  );
});
