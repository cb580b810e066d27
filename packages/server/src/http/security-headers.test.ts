import { expect, test } from 'vitest';
import type { PublicOrigin } from './public-origin.ts';
import { JSON_HEADERS, NOTICE_HEADERS, siteHeaders, transportHeaders } from './security-headers.ts';

const ORIGIN: PublicOrigin = { scheme: 'https', host: 'lamp.example', basePath: '' };

test.each([
  [{ basePath: '' }, 'https://lamp.example/assets/'],
  [{ basePath: '/lamp' }, 'https://lamp.example/lamp/assets/'],
  [{ basePath: '/a/b', scheme: 'http', host: 'lamp.example:8080' }, 'http://lamp.example:8080/a/b/assets/'],
  // Browsers know no such host in a policy with a path.
  [{ basePath: '/lamp', host: '[::1]:4466' }, "'self'"],
  [{ basePath: '/lamp', host: '' }, "'self'"],
] as const)('only the build’s own folder is code: at %j', (changes, source) => {
  const policy = siteHeaders({ ...ORIGIN, ...changes })['Content-Security-Policy'];
  expect(policy).toContain(`; script-src ${source}; style-src ${source};`);
});

test('every page of ours is framed by nobody, opened by nobody, sniffed by nobody, and tells nobody where it was', () => {
  for (const headers of [siteHeaders(ORIGIN), NOTICE_HEADERS]) {
    expect(headers).toMatchObject({
      'Cross-Origin-Opener-Policy': 'same-origin',
      'Cross-Origin-Resource-Policy': 'same-origin',
      'X-Frame-Options': 'DENY',
      'X-Content-Type-Options': 'nosniff',
      'Referrer-Policy': 'no-referrer',
    });
    for (const rule of ["base-uri 'none'", "frame-ancestors 'none'"])
      expect(headers['Content-Security-Policy']).toContain(rule);
    expect(headers['Content-Security-Policy']).not.toContain('unsafe');
  }
  expect(siteHeaders(ORIGIN)['Content-Security-Policy']).toContain("object-src 'none'");
  expect(NOTICE_HEADERS['Content-Security-Policy']).toContain("default-src 'none'");
});

test('what is told to programs is kept by nobody', () => {
  expect(JSON_HEADERS).toMatchObject({ 'Cache-Control': 'no-store', 'X-Content-Type-Options': 'nosniff' });
});

test.each([
  ['https', 'lamp.example', true],
  ['https', 'lamp.example:8443', true],
  ['http', 'lamp.example', false],
  ['https', 'localhost:4466', false],
  ['https', '127.0.0.1', false],
  ['https', '[::1]:4466', false],
] as const)('%s at %s is held to https: %j', (scheme, host, held) => {
  expect(Object.keys(transportHeaders({ ...ORIGIN, scheme, host }))).toEqual(held ? ['Strict-Transport-Security'] : []);
});
