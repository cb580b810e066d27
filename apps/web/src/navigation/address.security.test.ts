import { describe, expect, it } from 'vitest';
import { safeReturnTo } from './address.ts';

describe('a link that names where to go after the sign-in', () => {
  it.each([
    'https://evil.example/c/harbour',
    '//evil.example/c/harbour',
    '/\\evil.example/c/harbour',
    '\\\\evil.example/c/harbour',
    '/\t/evil.example/c/harbour',
    ' //evil.example/c/harbour',
    'javascript:alert(1)',
    'data:text/html,x',
    'http:evil.example/c/harbour',
    'https:///evil.example/c/harbour',
    '/c/../../evil',
    '/c/harbour/../../oidc?cluster=harbour',
    '/c/harbour/%2e%2e/%2e%2e/oidc',
    '/oidc?cluster=harbour',
    '/clusters/harbour/logout',
    '/c/harbour/login?returnTo=/c/harbour/login',
    '/auth?cluster=harbour',
    '/',
    '',
  ])('cannot lead to %j', (raw) => {
    expect(safeReturnTo(raw)).toBeNull();
  });

  it('leads to one’s own sessions', () => {
    expect(safeReturnTo('/c/harbour/sessions')).toBe('/c/harbour/sessions');
  });

  it('leads to a cluster page of ours and nothing but its path and query', () => {
    expect(safeReturnTo('/c/harbour?namespace=team-a#pods')).toBe('/c/harbour?namespace=team-a');
  });
});
