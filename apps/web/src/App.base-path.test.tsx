import { fireEvent, screen, waitFor } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { renderApp, signedIn, signedOut } from './testing/render-app.tsx';
import type { Reply } from './testing/stub-server.ts';

/** The same answers below a base path. */
function below(basePath: string, replies: Readonly<Record<string, Reply>>): Record<string, Reply> {
  return Object.fromEntries(Object.entries(replies).map(([what, reply]) => [what.replace(' ', ` ${basePath}`), reply]));
}

const SIGNED_IN = below('/lamp', {
  ...signedIn({ username: 'vera' }),
  'GET /clusters/harbour/api*': { body: { items: [] } },
});

describe('a server below a base path', () => {
  it('is asked for nothing outside it, and every link stays inside', async () => {
    const app = renderApp('/lamp', SIGNED_IN, { basePath: '/lamp' });
    await waitFor(() => expect(app.address()).toBe('/lamp/c/harbour'));
    await screen.findByRole('region', { name: 'Pods' });
    expect(
      app.server.asked.map(({ what }) => what.split(' ')[1]).filter((path) => !path?.startsWith('/lamp/')),
    ).toEqual([]);
    const leading = [...document.querySelectorAll('a[href], img[src]')]
      .map((element) => element.getAttribute('href') ?? element.getAttribute('src') ?? '')
      // A fragment leads within the page.
      .filter((address) => !address.startsWith('#'));
    expect(leading).toContain('/lamp/c/harbour/sessions');
    expect(leading).toContain('/lamp/lamp.svg');
    expect(leading.filter((address) => !/^\/lamp(?:\/|$)/.test(address))).toEqual([]);
  });

  it('is told the page to come back to as one below it', async () => {
    const app = renderApp('/lamp/c/harbour?namespace=team-a', below('/lamp', signedOut()), { basePath: '/lamp' });
    fireEvent.click(await screen.findByRole('button', { name: 'Sign in with your provider' }));
    fireEvent.click(screen.getByRole('button', { name: 'Sign in in a new window' }));
    expect(app.opened).toEqual(['/lamp/oidc?cluster=harbour&returnTo=%2Fc%2Fharbour%3Fnamespace%3Dteam-a']);
    expect(app.windows).toEqual(['/lamp/oidc?cluster=harbour']);
    expect(app.address()).toBe('/lamp/c/harbour/login?why=not_signed_in&returnTo=%2Fc%2Fharbour%3Fnamespace%3Dteam-a');
  });

  it('has no page outside it', async () => {
    const app = renderApp('/c/harbour', SIGNED_IN, { basePath: '/lamp' });
    expect(await screen.findByText('There is no page at this address.')).toBeTruthy();
    expect(app.server.asked).toEqual([]);
  });
});
