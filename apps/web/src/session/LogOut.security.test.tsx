import { fireEvent, screen, waitFor } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { renderApp, signedIn } from '../testing/render-app.tsx';

describe('an answer to the log-out that names a hostile place to go', () => {
  it.each([
    'javascript:alert(1)',
    'JaVaScRiPt:alert(1)',
    ' javascript:alert(1)',
    'java\tscript:alert(1)',
    'data:text/html,<script>alert(1)</script>',
    'blob:https://evil.example/x',
    'file:///etc/passwd',
    'custom-app://run',
    '//evil.example/x',
    '/\\evil.example/x',
    'https://',
    'https://evil.example/x',
    '/',
    '/a b',
    '/\t/evil.example',
    'no address',
  ])('%j is not followed', async (redirect) => {
    const app = renderApp('/c/harbour', {
      ...signedIn({ username: 'vera' }),
      'GET /clusters/harbour/api*': { body: { items: [] } },
      'POST /clusters/harbour/logout': { body: { redirect } },
    });
    fireEvent.click(await screen.findByRole('button', { name: 'Log out' }));
    await waitFor(() => expect(app.address()).toBe('/c/harbour/login?why=signed_out'));
    expect(app.opened).toEqual([]);
  });
});
