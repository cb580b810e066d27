import { afterEach, expect, it, vi } from 'vitest';
import { browserEdges } from './edges.tsx';

afterEach(() => {
  vi.restoreAllMocks();
});

it('the provider’s page in a new window has no handle on ours', () => {
  const opened: { opener: unknown } = { opener: window };
  // As much of a window as is touched.
  const open = vi.spyOn(globalThis, 'open').mockReturnValue(opened as Window);
  expect(browserEdges('').openWindow('/oidc?cluster=harbour')).toBe(true);
  expect(opened.opener).toBeNull();
  expect(open.mock.calls[0]?.slice(0, 2)).toEqual(['/oidc?cluster=harbour', '_blank']);
});

it('a blocked window is known to be blocked', () => {
  vi.spyOn(globalThis, 'open').mockReturnValue(null);
  expect(browserEdges('').openWindow('/oidc')).toBe(false);
});
