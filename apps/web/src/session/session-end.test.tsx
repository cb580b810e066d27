import type { SessionResponse } from '@lamplighter/server/wire';
import { act, fireEvent, screen, waitFor, within } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { NOW_MS, renderApp, type StartedApp, signedIn } from '../testing/render-app.tsx';
import { type Reply, refusal } from '../testing/stub-server.ts';

const SESSION = 'GET /clusters/harbour/session';
const VERSION = 'GET /clusters/harbour/version';
const PODS = 'GET /clusters/harbour/api/v1/pods?limit=500';

let now = NOW_MS;

beforeEach(() => {
  now = NOW_MS;
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
});

afterEach(() => {
  vi.useRealTimers();
});

/** `ms` from the moment every test begins at. */
function at(ms: number): string {
  return new Date(NOW_MS + ms).toISOString();
}

/** Lets time pass as a browser sees it: its clock and its timers. */
function pass(ms: number): void {
  now += ms;
  act(() => void vi.advanceTimersByTime(ms));
}

function start(limits: Partial<SessionResponse>, more: Readonly<Record<string, Reply>> = {}): StartedApp {
  const replies = { ...signedIn({ username: 'vera' }, limits), 'GET /clusters/harbour/api*': { body: { items: [] } } };
  return renderApp('/c/harbour?namespace=team-a', { ...replies, ...more }, { nowMs: () => now });
}

function countAsked(app: StartedApp, what: string): number {
  return app.server.asked.filter((asked) => asked.what === what).length;
}

describe('a session that ends when it lies unused', () => {
  const TEN_MIN_MS = 600_000;
  const idle = { idleExpiresAt: at(TEN_MIN_MS) };

  it('says how long it lasts unused beside how long at most', async () => {
    start(idle);
    expect((await screen.findByRole('timer', { name: 'Time left' })).textContent).toBe('1 h 0 min');
    expect(screen.getByRole('timer', { name: 'Time left if unused' }).textContent).toBe('10 min');
  });

  it('warns before, and “Stay signed in” uses it once', async () => {
    const app = start(idle, { [VERSION]: { body: { major: '1' } } });
    await screen.findByRole('timer', { name: 'Time left' });
    pass(TEN_MIN_MS - 90_000);
    const warning = screen.getByRole('alert');
    expect(warning.textContent).toContain('You will be signed out in less than two minutes');
    app.server.change(signedIn({ username: 'vera' }, { idleExpiresAt: at(2 * TEN_MIN_MS) }));
    fireEvent.click(within(warning).getByRole('button', { name: 'Stay signed in' }));
    await waitFor(() => expect(screen.queryByRole('alert')).toBeNull());
    expect(countAsked(app, VERSION)).toBe(1);
  });

  it('that was used in another tab goes on without a word', async () => {
    const app = start(idle);
    await screen.findByRole('timer', { name: 'Time left' });
    app.server.change(signedIn({ username: 'vera' }, { idleExpiresAt: at(2 * TEN_MIN_MS) }));
    pass(TEN_MIN_MS);
    await waitFor(() => expect(screen.getByRole('timer', { name: 'Time left if unused' }).textContent).toBe('10 min'));
    expect(app.address()).toBe('/c/harbour?namespace=team-a');
  });

  it('shows the server’s reason once it has ended', async () => {
    const app = start(idle);
    await screen.findByRole('timer', { name: 'Time left' });
    app.server.change({ [SESSION]: refusal(401, 'session_expired', 'm') });
    pass(TEN_MIN_MS);
    await waitFor(() =>
      expect(app.address()).toBe('/c/harbour/login?why=session_expired&returnTo=%2Fc%2Fharbour%3Fnamespace%3Dteam-a'),
    );
    expect(screen.getByRole('alert').textContent).toContain('Your session has ended.');
  });

  it('is asked about as soon as its time has come, also on a computer that slept', async () => {
    const app = start(idle);
    await screen.findByRole('timer', { name: 'Time left' });
    app.server.change({ [SESSION]: refusal(401, 'session_expired', 'm') });
    now += TEN_MIN_MS;
    pass(1_000);
    await waitFor(() => expect(app.address()).toContain('why=session_expired'));
  });

  it('that ended before “Stay signed in” was pressed shows the reason too', async () => {
    const app = start(idle, { [VERSION]: refusal(401, 'refresh_refused', 'm') });
    await screen.findByRole('timer', { name: 'Time left' });
    pass(TEN_MIN_MS - 90_000);
    fireEvent.click(screen.getByRole('button', { name: 'Stay signed in' }));
    await waitFor(() => expect(app.address()).toContain('why=refresh_refused'));
    expect(screen.getByRole('alert').textContent).toContain('Your provider does not renew your session any more.');
  });

  it('says when it could not be used, and may be tried again', async () => {
    start(idle, { [VERSION]: refusal(502, 'cluster_unreachable', 'The cluster cannot be reached.') });
    await screen.findByRole('timer', { name: 'Time left' });
    pass(TEN_MIN_MS - 90_000);
    fireEvent.click(screen.getByRole('button', { name: 'Stay signed in' }));
    expect(await screen.findByText('The cluster cannot be reached.')).toBeTruthy();
    await waitFor(() =>
      expect(screen.getByRole<HTMLButtonElement>('button', { name: 'Stay signed in' }).disabled).toBe(false),
    );
  });

  it('is not kept in use by a page before which nobody sits', async () => {
    const app = start(idle);
    await screen.findByRole('region', { name: 'Pods' });
    const namespaced = PODS.replace('/pods', '/namespaces/team-a/pods');
    pass(65_000);
    await waitFor(() => expect(countAsked(app, SESSION)).toBeGreaterThan(1));
    const asked = countAsked(app, namespaced);
    pass(120_000);
    expect(countAsked(app, namespaced)).toBe(asked);
    act(() => void dispatchEvent(new Event('keydown')));
    pass(10_000);
    await waitFor(() => expect(countAsked(app, namespaced)).toBeGreaterThan(asked));
  });
});

describe('a session that does not end unused', () => {
  it('has lists that go on in front of nobody', async () => {
    const app = start({});
    await screen.findByRole('region', { name: 'Pods' });
    const namespaced = PODS.replace('/pods', '/namespaces/team-a/pods');
    pass(120_000);
    const asked = countAsked(app, namespaced);
    await vi.waitFor(() => {
      pass(10_000);
      expect(countAsked(app, namespaced)).toBeGreaterThan(asked + 1);
    });
  });
});

describe('a token that ends before its session', () => {
  it('is counted down and warned of when nobody renews it', async () => {
    start({ tokenExpiresAt: at(100_000) });
    expect(await screen.findByText('Token valid for')).toBeTruthy();
    expect((await screen.findByRole('alert')).textContent).toContain('Your token expires in less than two minutes.');
    expect(screen.getByRole('link', { name: 'Sign in again' })).toBeTruthy();
  });

  it('is no one’s concern when the server renews it', async () => {
    start({ tokenExpiresAt: at(100_000), renews: true });
    expect((await screen.findByRole('timer')).textContent).toBe('1 h 0 min');
    expect(screen.queryByRole('alert')).toBeNull();
  });
});

describe('somebody signed in by a proxy in front', () => {
  it('is told so, and offered no log-out, no other sessions and no end that this server could mean', async () => {
    start({ method: 'proxy', expiresAt: null, tokenExpiresAt: at(60_000) });
    expect(await screen.findByText('Signed in by the proxy in front')).toBeTruthy();
    expect(screen.queryByRole('button', { name: 'Log out' })).toBeNull();
    expect(screen.queryByRole('link', { name: 'Your sessions' })).toBeNull();
    expect(screen.queryByRole('timer')).toBeNull();
    expect(screen.queryByRole('alert')).toBeNull();
    expect(within(screen.getByRole('region', { name: 'Who you are' })).getByText('By the proxy in front')).toBeTruthy();
  });
});

describe('somebody in more groups than the provider names', () => {
  it('is told that the list is not whole', async () => {
    const replies = signedIn({ username: 'vera', groups: ['viewers'], groupsIncomplete: true });
    renderApp('/c/harbour', { ...replies, 'GET /clusters/harbour/api*': { body: { items: [] } } });
    const who = await screen.findByRole('region', { name: 'Who you are' });
    expect(within(who).getByText(/^Not all of them: you are in more groups/)).toBeTruthy();
  });
});
