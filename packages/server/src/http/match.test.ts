import { describe, expect, test } from 'vitest';
import { ROUTES } from '../routes.ts';
import { matchRoute } from './match.ts';

test('a session of one’s own is named by its handle, as it was written', () => {
  expect(matchRoute('DELETE', '/clusters/a%2Fb/sessions/AbC-_9?x=y')).toMatchObject({
    ok: true,
    route: { handler: 'endSession' },
    cluster: 'a/b',
    handle: 'AbC-_9',
    rest: '/sessions/AbC-_9?x=y',
  });
});

test('rows of one path each answer their own methods, and a refusal names them all', () => {
  expect(matchRoute('GET', '/clusters/main/sessions')).toMatchObject({ ok: true, route: { handler: 'sessions' } });
  expect(matchRoute('DELETE', '/clusters/main/sessions')).toMatchObject({ route: { handler: 'endOtherSessions' } });
  expect(matchRoute('PUT', '/clusters/main/sessions')).toMatchObject({
    ok: false,
    refusal: { reason: 'method_refused', allowed: ['GET', 'DELETE'] },
  });
});

test('only routes with a handle have one', () => {
  for (const target of ['/config', '/clusters/main/me', '/clusters/main/sessions', '/clusters/main/api/x'])
    expect(matchRoute('GET', target)).toMatchObject({ ok: true, handle: null });
});

test('every route is reached by its own path', () => {
  for (const route of ROUTES) {
    const target = route.path.replace('{cluster}', 'main').replace('{handle}', 'h').replace('…', 'x/y');
    expect(matchRoute(route.methods?.[0] ?? 'GET', target)).toMatchObject({ ok: true, route });
  }
});

test('what lies outside the base path is nothing of ours', () => {
  expect(matchRoute('GET', null)).toMatchObject({ ok: false, refusal: { reason: 'not_found' } });
});

describe('the way back from a provider', () => {
  test.each(['POST', 'HEAD', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])(
    'answers GET only: %s is refused [C14]',
    (method) => {
      expect(matchRoute(method, '/oidc-callback?code=c&state=s')).toMatchObject({
        ok: false,
        refusal: { reason: 'method_refused', allowed: ['GET'] },
      });
    },
  );

  test.each(['TRACE', 'CONNECT'])('%s is refused, as everywhere [C14]', (method) => {
    expect(matchRoute(method, '/oidc-callback')).toMatchObject({ ok: false, refusal: { reason: 'method_refused' } });
  });
});
