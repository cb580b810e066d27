import { fireEvent, screen, waitFor } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { cluster, config, renderApp, type StartedApp, signedIn } from '../testing/render-app.tsx';
import { forbidden, type Reply, refusal } from '../testing/stub-server.ts';

const SET_TOKEN = 'POST /clusters/harbour/set-token';

async function submit(token: string, reply: Reply, returnTo = ''): Promise<StartedApp> {
  const app = renderApp(`/c/harbour/token${returnTo}`, {
    ...signedIn({ username: 'vera' }),
    'GET /clusters/harbour/api*': forbidden('no'),
    [SET_TOKEN]: reply,
  });
  fireEvent.change(await screen.findByLabelText('Token'), { target: { value: token } });
  fireEvent.click(screen.getByRole('button', { name: 'Sign in' }));
  return app;
}

function field(): HTMLInputElement {
  return screen.getByLabelText<HTMLInputElement>('Token');
}

describe('the token page', () => {
  it('hands the trimmed token to the server and goes to the cluster', async () => {
    const app = await submit('  abc.def.ghi \n', { body: {} });
    await waitFor(() => expect(app.address()).toBe('/c/harbour'));
    expect(app.server.asked.find(({ what }) => what === SET_TOKEN)?.body).toBe('{"token":"abc.def.ghi"}');
  });

  it('comes back to the page somebody wanted', async () => {
    const app = await submit('abc', { body: {} }, `?returnTo=${encodeURIComponent('/c/harbour?namespace=team-a')}`);
    await waitFor(() => expect(app.address()).toBe('/c/harbour?namespace=team-a'));
  });

  it.each(['', '   ', '\t\n'])('refuses the blank %j before any call', async (blank) => {
    const app = await submit(blank, { body: {} });
    expect((await screen.findByRole('alert')).textContent).toBe('Paste a token first.');
    expect(app.server.asked.map(({ what }) => what)).toEqual(['GET /config']);
  });

  it.each([
    [refusal(401, 'token_refused', 'It expired an hour ago.'), 'The cluster does not accept this token.'],
    [refusal(400, 'token_malformed', 'm'), 'This is not a token. Check that all of it was copied, and nothing else.'],
    [refusal(502, 'cluster_unreachable', 'm'), 'The token could not be tried: the cluster does not answer.'],
    [refusal(401, 'something_new', 'm'), 'The cluster does not accept this token.'],
    [refusal(500, 'something_new', 'm'), 'The token could not be tried.'],
    [refusal(418, 'something_new', 'm'), 'You could not be signed in.'],
  ])('says in plain words what %j means, and stays', async (reply, sentence) => {
    const app = await submit('abc', reply);
    expect((await screen.findByRole('alert')).textContent).toContain(sentence);
    expect(app.address()).toBe('/c/harbour/token');
  });

  it('adds the server’s own words', async () => {
    await submit('abc', refusal(401, 'token_refused', 'It expired an hour ago.'));
    expect((await screen.findByRole('alert')).textContent).toContain('It expired an hour ago.');
  });

  it('empties the field and puts the focus there after a refusal', async () => {
    await submit('abc', refusal(401, 'token_refused', 'm'));
    await screen.findByRole('alert');
    expect(field().value).toBe('');
    expect(document.activeElement).toBe(field());
  });

  it('is the only way in to a cluster without a provider', async () => {
    renderApp('/c/harbour/login', { 'GET /config': config(cluster('harbour', '')) });
    const link = await screen.findByRole('link', { name: 'Use a token' });
    expect(link.getAttribute('href')).toBe('/c/harbour/token');
    expect(screen.queryByRole('button')).toBeNull();
  });
});
