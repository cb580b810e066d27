import { act, fireEvent, screen, waitFor, within } from '@testing-library/react';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { cluster, config, NOW_MS, renderApp, signedIn } from './testing/render-app.tsx';
import { forbidden, type Reply, refusal } from './testing/stub-server.ts';

const LISTS = 'GET /clusters/harbour/api*';
const NAMESPACES = 'GET /clusters/harbour/api/v1/namespaces';
const EMPTY: Reply = { body: { items: [] } };

function items(...names: readonly string[]): Reply {
  return { body: { items: names.map((name) => ({ metadata: { name, namespace: 'team-a' } })) } };
}

afterEach(() => {
  vi.useRealTimers();
});

describe('the first page', () => {
  it('goes straight to the only cluster', async () => {
    const app = renderApp('/', { ...signedIn({ username: 'vera' }), [LISTS]: EMPTY });
    await waitFor(() => expect(app.address()).toBe('/c/harbour'));
  });

  it('lists several clusters', async () => {
    renderApp('/', { 'GET /config': config(cluster('harbour'), cluster('a/b')) });
    const list = await screen.findByRole('list', { name: 'Clusters' });
    expect(
      within(list)
        .getAllByRole('link')
        .map((link) => link.getAttribute('href')),
    ).toEqual(['/c/harbour', '/c/a%2Fb']);
  });

  it('says so when there is none', async () => {
    renderApp('/', { 'GET /config': config() });
    expect(await screen.findByText('This server offers no cluster: its kubeconfig names none.')).toBeTruthy();
  });
});

describe('somebody not signed in', () => {
  it('is sent to sign in and comes back to the page they wanted', async () => {
    const app = renderApp('/c/harbour?namespace=team-a', {
      'GET /config': config(cluster('harbour')),
      'GET /clusters/harbour/*': refusal(401, 'not_signed_in', 'm'),
      'POST /clusters/harbour/*': refusal(401, 'not_signed_in', 'm'),
    });
    fireEvent.click(await screen.findByRole('button', { name: 'Sign in with your provider' }));
    expect(app.opened).toEqual(['/oidc?cluster=harbour&returnTo=%2Fc%2Fharbour%3Fnamespace%3Dteam-a']);
    expect(screen.getByRole('status').textContent).toBe('Sign in to see this cluster.');
  });

  it('is asked for no list before they are known', async () => {
    const app = renderApp('/c/harbour', {
      'GET /config': config(cluster('harbour')),
      'GET /clusters/harbour/*': refusal(401, 'not_signed_in', 'm'),
      'POST /clusters/harbour/*': refusal(401, 'not_signed_in', 'm'),
    });
    await screen.findByRole('heading', { name: 'Sign in to harbour' });
    expect(app.server.asked.filter(({ what }) => what.includes('limit='))).toEqual([]);
  });

  it('is told of a cluster the server does not know, and nothing is asked of it', async () => {
    const app = renderApp('/c/elsewhere', { 'GET /config': config(cluster('harbour')) });
    expect(await screen.findByText('This server knows no cluster called “elsewhere”.')).toBeTruthy();
    expect(app.server.asked.map(({ what }) => what)).toEqual(['GET /config']);
  });
});

describe('the cluster page', () => {
  it('shows who is signed in, how, and for how long', async () => {
    renderApp('/c/harbour', { ...signedIn({ username: 'vera', groups: ['viewers'] }), [LISTS]: EMPTY });
    const who = await screen.findByRole('region', { name: 'Who you are' });
    for (const words of [
      'vera',
      'known to the cluster as dex:vera',
      'dex:viewers',
      'With your provider',
      '1 h 0 min',
    ]) {
      expect(within(who).getByText(words)).toBeTruthy();
    }
    expect(within(who).queryByText('system:authenticated')).toBeNull();
  });

  it('shows what is listed and says plainly what the cluster refuses', async () => {
    renderApp('/c/harbour', {
      ...signedIn({ username: 'vera' }),
      [LISTS]: EMPTY,
      [NAMESPACES]: items('team-a', 'team-b'),
      'GET /clusters/harbour/api/v1/pods': items('web-1'),
      'GET /clusters/harbour/api/v1/secrets': forbidden('secrets is forbidden: User "dex:vera" cannot list'),
    });
    const pods = await screen.findByRole('region', { name: 'Pods' });
    expect(within(pods).getByRole('rowheader', { name: 'web-1' })).toBeTruthy();
    const secrets = screen.getByRole('region', { name: 'Secrets' });
    expect(within(secrets).getByText('The cluster does not let you list secrets.')).toBeTruthy();
    expect(within(secrets).getByText('secrets is forbidden: User "dex:vera" cannot list')).toBeTruthy();
    expect(within(screen.getByRole('region', { name: 'Jobs' })).getByText('No jobs.')).toBeTruthy();
  });

  it('shows one namespace when one is chosen', async () => {
    const app = renderApp('/c/harbour', {
      ...signedIn({ username: 'vera' }),
      [LISTS]: EMPTY,
      [NAMESPACES]: items('team-a', 'team-b'),
      'GET /clusters/harbour/api/v1/namespaces/team-b/pods': items('worker-1'),
    });
    fireEvent.change(await screen.findByRole('combobox', { name: 'Namespace' }), { target: { value: 'team-b' } });
    expect(await screen.findByRole('rowheader', { name: 'worker-1' })).toBeTruthy();
    expect(app.address()).toBe('/c/harbour?namespace=team-b');
  });

  it('asks for names only where values would be secret', async () => {
    const app = renderApp('/c/harbour', { ...signedIn({ username: 'vera' }), [LISTS]: EMPTY });
    await screen.findByRole('region', { name: 'Secrets' });
    const asked = app.server.asked.find(({ what }) => what.endsWith('/secrets?limit=500'));
    expect(asked?.headers.get('Accept')).toContain('as=PartialObjectMetadataList');
  });

  it('sends nothing for a namespace that can be none', async () => {
    const app = renderApp('/c/harbour?namespace=..', signedIn({ username: 'vera' }));
    expect((await screen.findByRole('alert')).textContent).toContain('There can be no namespace called “..”.');
    expect(app.server.asked.filter(({ what }) => what.includes('limit='))).toEqual([]);
  });

  it('says when the cluster does not answer, and tries again when asked', async () => {
    const app = renderApp('/c/harbour', {
      ...signedIn({ username: 'vera' }),
      [LISTS]: { status: 504, body: { kind: 'Status', message: 'no answer in 10 s' } },
    });
    const alert = await screen.findByRole('alert', {}, { timeout: 3_000 });
    expect(alert.textContent).toContain('The cluster does not answer.no answer in 10 s');
    app.server.change({ [LISTS]: EMPTY });
    fireEvent.click(within(alert).getByRole('button', { name: 'Try again' }));
    expect(await screen.findByRole('region', { name: 'Pods' })).toBeTruthy();
  });
});

describe('somebody limited to one namespace', () => {
  const replies = {
    ...signedIn({ username: 'dev' }),
    [LISTS]: forbidden('at the cluster scope'),
    'GET /clusters/harbour/api/v1/namespaces/team-a/pods': items('web-1'),
  };

  it('names it, sees what is in it, and is taken there the next time', async () => {
    const first = renderApp('/c/harbour', replies);
    fireEvent.change(await screen.findByRole('textbox', { name: 'Namespace' }), { target: { value: ' team-a ' } });
    fireEvent.click(screen.getByRole('button', { name: 'Open' }));
    expect(await screen.findByText('You may not list namespaces.')).toBeTruthy();
    expect(screen.getByRole('rowheader', { name: 'web-1' })).toBeTruthy();
    expect(first.address()).toBe('/c/harbour?namespace=team-a');

    const second = renderApp('/c/harbour', replies);
    await waitFor(() => expect(second.address()).toBe('/c/harbour?namespace=team-a'));
  });

  it('is told when what they wrote can be no name', async () => {
    const app = renderApp('/c/harbour', replies);
    fireEvent.change(await screen.findByRole('textbox', { name: 'Namespace' }), { target: { value: '../x' } });
    fireEvent.click(screen.getByRole('button', { name: 'Open' }));
    expect(await screen.findByText('The name of a namespace has only small letters, digits and hyphens.')).toBeTruthy();
    expect(app.address()).toBe('/c/harbour');
  });
});

describe('somebody the cluster refuses everything', () => {
  it('is told so plainly, with the names an administrator must bind', async () => {
    renderApp('/c/harbour', { ...signedIn({ username: 'nobody', groups: ['guests'] }), [LISTS]: forbidden('no') });
    const heading = { name: 'You are signed in, but this cluster gives you no rights.' };
    const section = await screen.findByRole('region', heading);
    expect(within(section).getByRole('heading', heading)).toBeTruthy();
    expect(within(section).getByText('dex:nobody')).toBeTruthy();
    expect(within(section).getByText('dex:guests')).toBeTruthy();
    expect(screen.queryByRole('region', { name: 'Pods' })).toBeNull();
  });
});

describe('a session', () => {
  it('ends with “Log out”, and nothing is left to come back to', async () => {
    const app = renderApp('/c/harbour?namespace=team-a', { ...signedIn({ username: 'vera' }), [LISTS]: EMPTY });
    fireEvent.click(await screen.findByRole('button', { name: 'Log out' }));
    expect((await screen.findByText('You are signed out.')).getAttribute('role')).toBe('status');
    expect(app.address()).toBe('/c/harbour/login?why=signed_out');
  });

  it('goes on to the provider’s sign-out when the server names one', async () => {
    const redirect = '/oidc-logout?state=AAAA';
    const app = renderApp('/c/harbour', {
      ...signedIn({ username: 'vera' }),
      [LISTS]: EMPTY,
      'POST /clusters/harbour/logout': { body: { redirect } },
    });
    fireEvent.click(await screen.findByRole('button', { name: 'Log out' }));
    await waitFor(() => expect(app.opened).toEqual([redirect]));
  });

  it('stands when logging out fails, and the page says so', async () => {
    renderApp('/c/harbour', {
      ...signedIn({ username: 'vera' }),
      [LISTS]: EMPTY,
      'POST /clusters/harbour/logout': refusal(503, 'store_unavailable', 'The store does not answer.'),
    });
    fireEvent.click(await screen.findByRole('button', { name: 'Log out' }));
    expect((await screen.findByRole('alert')).textContent).toBe('You are still signed in. The store does not answer.');
  });

  it('warns before its end, then says it is over and remembers the place', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    let now = NOW_MS;
    const app = renderApp(
      '/c/harbour?namespace=team-a',
      { ...signedIn({ username: 'vera' }), [LISTS]: EMPTY },
      { nowMs: () => now },
    );
    await screen.findByRole('timer');
    const pass = (ms: number): void => {
      now += ms;
      act(() => void vi.advanceTimersByTime(1_000));
    };
    pass(3_600_000 - 90_000);
    expect(screen.getByRole('alert').textContent).toContain('Your session ends in less than two minutes.');
    expect(screen.getByRole('timer').textContent).toBe('1 min 30 s');
    pass(90_000);
    await waitFor(() =>
      expect(app.address()).toBe('/c/harbour/login?why=session_ended&returnTo=%2Fc%2Fharbour%3Fnamespace%3Dteam-a'),
    );
    expect(screen.getByRole('alert').textContent).toContain('Your session has ended.');
  });

  it('that the server ended shows its reason at the next answer', async () => {
    const app = renderApp('/c/harbour', {
      ...signedIn({ username: 'vera' }),
      [LISTS]: EMPTY,
      'GET /clusters/harbour/api/v1/pods': refusal(401, 'session_expired', 'm'),
    });
    expect((await screen.findByRole('alert')).textContent).toContain('Your session has ended.');
    expect(app.address()).toBe('/c/harbour/login?why=session_expired&returnTo=%2Fc%2Fharbour');
  });

  it('stands when it is the cluster that answers 401: the list says so, and so does no other', async () => {
    const unauthorized: Reply = {
      status: 401,
      body: { kind: 'Status', reason: 'Unauthorized', message: 'Unauthorized' },
    };
    const app = renderApp('/c/harbour', {
      ...signedIn({ username: 'vera' }),
      [LISTS]: EMPTY,
      'GET /clusters/harbour/api/v1/pods': unauthorized,
      'POST /clusters/harbour/apis/authentication.k8s.io/v1/selfsubjectreviews': unauthorized,
    });
    const pods = await screen.findByRole('region', { name: 'Pods' });
    expect(await within(pods).findByText('Unauthorized')).toBeTruthy();
    expect(within(screen.getByRole('region', { name: 'Jobs' })).getByText('No jobs.')).toBeTruthy();
    expect(app.address()).toBe('/c/harbour');
  });
});
