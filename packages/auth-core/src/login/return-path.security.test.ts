import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseReturnPath } from './return-path.ts';

/** Every way known to us of writing "somewhere else" so that it begins like a path, times what may stand before the host. */
const HOSTS = [
  'evil.example',
  'evil.example/a',
  '@evil.example',
  'evil.example:443',
  '%65vil.example',
  '[::1]',
  '127.1',
];
const OPENINGS = [
  '//',
  '///',
  '////',
  '/\\',
  '\\\\',
  '\\/',
  '/\\/',
  '//\\',
  '/\t/',
  '/\n/',
  '/\r/',
  '/\r\n/',
  '/ /',
  '/%09/',
  '/%0a/',
  '/%0d/',
  '/%5c',
  '/%5C',
  '/%5c%5c',
  '/%255c',
  '/%25255c',
  '/%2f',
  '/%2F',
  '/%2f%2f',
  '/%252f',
  '/%252F%252f',
  '/%25252f',
  '/./',
  '/../',
  '/.//',
  '/..//',
  '/%2e/',
  '/%2e%2e/',
  '/%2E%2E//',
  '/%252e%252e/',
  '/;//',
  '/a//',
  '/a/..//',
  '/a/%2e%2e//',
  'http://',
  'https://',
  'https:',
  'https:/',
  'HTTPS://',
  'ftp://',
  'javascript:alert(1)//',
  'data:text/html,',
  'vbscript:',
  ' //',
  '\t//',
  '\u0000//',
  '\u00a0//',
  '\u2028//',
  '\ufeff//',
  '/\u0000',
  '/\u007f',
  '/\u2215',
  '/\uff0f',
  '?//',
  '#//',
  '',
  '.',
  '..',
  './/',
  '@',
];
const CORPUS = [...new Set(OPENINGS.flatMap((opening) => HOSTS.map((host) => opening + host)))];

describe('an open redirect', () => {
  test('the corpus has at least a hundred forms', () => {
    expect(CORPUS.length).toBeGreaterThanOrEqual(100);
  });

  test.each(CORPUS)('%j leads to the start page', (path) => {
    expect(parseReturnPath(path)).toBe('/');
  });

  test('whatever is let through stays on our origin in a browser', () => {
    const nasty = fc.array(
      fc.constantFrom(
        '/',
        '\\',
        '.',
        '..',
        '%2f',
        '%5c',
        '%2e',
        '%09',
        '\t',
        '\n',
        '@',
        ':',
        '?',
        '#',
        'evil.example',
        'c',
        ';',
        '%25',
      ),
      { maxLength: 10 },
    );
    fc.assert(
      fc.property(nasty, (parts) => {
        const path = parseReturnPath(`/${parts.join('')}`);
        expect(new URL(path, 'https://lamp.example').origin).toBe('https://lamp.example');
        expect(new URL(path, 'https://lamp.example').pathname).not.toMatch(/^\/[/\\]/);
        expect(path).toMatch(/^\/(?![/\\])[\x21-\x7e]*$/);
      }),
      { numRuns: 5_000 },
    );
  });

  test.each([
    '/oidc?cluster=main',
    '/oidc-callback?code=x',
    '/clusters/main/api/v1/secrets',
    '/%6fidc?cluster=main',
    '/config',
  ])('a machine’s answer is no page to return to: %s', (path) => {
    expect(parseReturnPath(path)).toBe('/');
  });

  test('a path that would not fit the login cookie leads to the start page', () => {
    expect(parseReturnPath(`/c/${'a'.repeat(1_100)}`)).toBe('/');
  });
});

test.each([
  '/',
  '/c/main',
  '/c/main/',
  '/c/main?namespace=team-orchid',
  '/c/main?next=https://elsewhere.example/#x',
  '/c/main#workloads',
  '/c/arn%3Aaws%3Aeks%3Aeu%3A1%3Acluster%2Fprod',
  '/c/100%25',
  '/c/a%20b',
  '/c/%C3%A9',
  '/c/kubernetes-admin@kubernetes',
])('a page of ours is kept as written: %s', (path) => {
  expect(parseReturnPath(path)).toBe(path);
});
