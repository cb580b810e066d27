import { fireEvent, screen, waitFor } from '@testing-library/react';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { renderApp, signedIn } from '../testing/render-app.tsx';
import { forbidden, type Reply, refusal } from '../testing/stub-server.ts';

const TOKEN = 'canary-7d9c1f';

afterEach(() => {
  vi.restoreAllMocks();
});

describe('whoever looks for the token in the page after the submit', () => {
  it.each<[string, Reply]>([
    ['accepted', { body: {} }],
    ['refused', refusal(401, 'token_refused', 'It expired.')],
  ])('finds it nowhere when it was %s', async (_outcome, reply) => {
    const logs = ['log', 'info', 'warn', 'error', 'debug'] as const;
    const spies = logs.map((level) => vi.spyOn(console, level).mockReturnValue());
    const app = renderApp('/c/harbour/token', {
      ...signedIn({ username: 'vera' }),
      'GET /clusters/harbour/api*': forbidden('no'),
      'POST /clusters/harbour/set-token': reply,
    });
    const field = await screen.findByLabelText<HTMLInputElement>('Token');
    fireEvent.change(field, { target: { value: TOKEN } });
    fireEvent.click(screen.getByRole('button', { name: 'Sign in' }));
    await screen.findByRole('alert');
    await waitFor(() => expect(app.server.asked.some(({ body }) => body?.includes(TOKEN) === true)).toBe(true));

    const places = {
      page: document.documentElement.outerHTML,
      field: field.value,
      address: app.address(),
      addresses: app.server.asked.map(({ what }) => what).join(' '),
      storage: JSON.stringify({ ...localStorage, ...sessionStorage }),
      cookie: document.cookie,
      logs: JSON.stringify(spies.flatMap((spy) => spy.mock.calls)),
    };
    for (const [place, content] of Object.entries(places)) expect(content, place).not.toContain(TOKEN);
  });
});

describe('a password manager or a history of entries', () => {
  it('is told to leave the field alone', async () => {
    renderApp('/c/harbour/token', signedIn({ username: 'vera' }));
    const field = await screen.findByLabelText<HTMLInputElement>('Token');
    expect([field.type, field.id, field.getAttribute('autocomplete'), field.name]).toEqual([
      'password',
      'token',
      'off',
      '',
    ]);
  });
});
