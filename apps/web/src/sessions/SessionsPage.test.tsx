import type { OwnSession } from '@lamplighter/server/wire';
import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { NOW_MS, renderApp, type StartedApp, signedIn } from '../testing/render-app.tsx';
import { type Reply, refusal } from '../testing/stub-server.ts';

const LIST = 'GET /clusters/harbour/sessions';
const END = 'DELETE /clusters/harbour/sessions/aGFuZGxl';
const END_OTHERS = 'DELETE /clusters/harbour/sessions';

const HERE: OwnSession = own('aGVyZQ', 0, true);
const ELSEWHERE: OwnSession = own('aGFuZGxl', -86_400_000);

function own(handle: string, beganMs: number, current = false): OwnSession {
  const at = (ms: number): string => new Date(NOW_MS + beganMs + ms).toISOString();
  return { handle, current, createdAt: at(0), usedAt: at(60_000), expiresAt: at(3_600_000) };
}

const listed = (...sessions: readonly OwnSession[]): Reply => ({ body: { sessions } });

function start(sessions: Reply, more: Readonly<Record<string, Reply>> = {}): StartedApp {
  return renderApp('/c/harbour/sessions', { ...signedIn({ username: 'vera' }), [LIST]: sessions, ...more });
}

async function rows(): Promise<readonly HTMLElement[]> {
  const table = await screen.findByRole('table', { name: 'Where you are signed in' });
  return within(table).getAllByRole('row').slice(1);
}

const deletions = (app: StartedApp): readonly string[] =>
  app.server.asked.map(({ what }) => what).filter((what) => what.startsWith('DELETE'));

describe('“Your sessions”', () => {
  it('lists when each began, was last used and ends, and marks this one', async () => {
    start(listed(HERE, ELSEWHERE));
    const [here, elsewhere] = await rows();
    if (here === undefined || elsewhere === undefined) throw new Error('two sessions were listed');
    const moments = [...elsewhere.querySelectorAll('time')].map((time) => time.dateTime);
    expect(moments).toEqual([ELSEWHERE.createdAt, ELSEWHERE.usedAt, ELSEWHERE.expiresAt]);
    expect(here.getAttribute('aria-current')).toBe('true');
    expect(within(here).getByText('This browser')).toBeTruthy();
    expect(within(here).queryByRole('button')).toBeNull();
    expect(elsewhere.getAttribute('aria-current')).toBeNull();
  });

  it('is one step from the cluster, and back', async () => {
    const app = renderApp('/c/harbour', {
      ...signedIn({ username: 'vera' }),
      'GET /clusters/harbour/api*': { body: { items: [] } },
      [LIST]: listed(HERE),
    });
    fireEvent.click(await screen.findByRole('link', { name: 'Your sessions' }));
    expect(await screen.findByRole('heading', { level: 1, name: 'Your sessions' })).toBe(document.activeElement);
    expect(app.address()).toBe('/c/harbour/sessions');
    fireEvent.click(screen.getByRole('link', { name: 'Back to the cluster' }));
    expect(await screen.findByRole('region', { name: 'Pods' })).toBeTruthy();
    // One gate stands before both pages.
    expect(app.server.asked.filter(({ what }) => what === 'GET /clusters/harbour/me')).toHaveLength(1);
  });

  it('ends another one at the second click', async () => {
    const app = start(listed(HERE, ELSEWHERE), { [END]: { body: null } });
    fireEvent.click(await screen.findByRole('button', { name: 'End' }));
    expect(deletions(app)).toEqual([]);
    app.server.change({ [LIST]: listed(HERE) });
    fireEvent.click(screen.getByRole('button', { name: 'Really end?' }));
    expect(await screen.findByText(/^You are signed in nowhere else\./)).toBeTruthy();
    expect(deletions(app)).toEqual([END]);
    expect(await rows()).toHaveLength(1);
  });

  it.each([
    ['Escape', (button: HTMLElement) => fireEvent.keyDown(button, { key: 'Escape' })],
    ['leaving the button', (button: HTMLElement) => fireEvent.blur(button)],
  ])('takes the question back on %s', async (_what, takeBack) => {
    const app = start(listed(HERE, ELSEWHERE), { [END]: { body: null } });
    fireEvent.click(await screen.findByRole('button', { name: 'End' }));
    takeBack(screen.getByRole('button', { name: 'Really end?' }));
    expect(screen.getByRole('button', { name: 'End' })).toBeTruthy();
    expect(deletions(app)).toEqual([]);
  });

  it('ends all others', async () => {
    const app = start(listed(HERE, ELSEWHERE), { [END_OTHERS]: { body: null } });
    fireEvent.click(await screen.findByRole('button', { name: 'End all others' }));
    app.server.change({ [LIST]: listed(HERE) });
    fireEvent.click(screen.getByRole('button', { name: 'Really end all others?' }));
    await waitFor(async () => expect(await rows()).toHaveLength(1));
    expect(deletions(app)).toEqual([END_OTHERS]);
    expect(screen.queryByRole('button', { name: 'End all others' })).toBeNull();
  });

  it('says when one could not be ended', async () => {
    const app = start(listed(HERE, ELSEWHERE), {
      [END]: refusal(503, 'store_unavailable', 'The store does not answer.'),
    });
    fireEvent.click(await screen.findByRole('button', { name: 'End' }));
    fireEvent.click(screen.getByRole('button', { name: 'Really end?' }));
    expect((await screen.findByRole('alert')).textContent).toBe('Nothing was ended. The store does not answer.');
    expect(app.address()).toBe('/c/harbour/sessions');
  });

  it('takes one that is gone for ended', async () => {
    const app = start(listed(HERE, ELSEWHERE), { [END]: refusal(404, 'not_found', 'm') });
    fireEvent.click(await screen.findByRole('button', { name: 'End' }));
    app.server.change({ [LIST]: listed(HERE) });
    fireEvent.click(screen.getByRole('button', { name: 'Really end?' }));
    expect(await screen.findByText(/^You are signed in nowhere else\./)).toBeTruthy();
    expect(screen.queryByRole('alert')).toBeNull();
  });

  it('says when they cannot be listed, and tries again when asked', async () => {
    const app = start(refusal(503, 'store_unavailable', 'The store does not answer.'));
    const alert = await screen.findByRole('alert', {}, { timeout: 3_000 });
    expect(alert.textContent).toContain('Your sessions cannot be listed.The store does not answer.');
    app.server.change({ [LIST]: listed(HERE) });
    fireEvent.click(within(alert).getByRole('button', { name: 'Try again' }));
    expect(await rows()).toHaveLength(1);
  });

  it('leaves when its own session was ended meanwhile, and comes back here', async () => {
    const app = start(listed(HERE, ELSEWHERE), { [END]: refusal(401, 'session_expired', 'm') });
    fireEvent.click(await screen.findByRole('button', { name: 'End' }));
    fireEvent.click(screen.getByRole('button', { name: 'Really end?' }));
    await waitFor(() =>
      expect(app.address()).toBe('/c/harbour/login?why=session_expired&returnTo=%2Fc%2Fharbour%2Fsessions'),
    );
  });

  it('asks for none where a proxy signs people in', async () => {
    const app = renderApp('/c/harbour/sessions', signedIn({ username: 'vera' }, { method: 'proxy', expiresAt: null }));
    expect(await screen.findByText(/^The proxy in front of this server signs you in\./)).toBeTruthy();
    expect(app.server.asked.filter(({ what }) => what === LIST)).toEqual([]);
  });
});
