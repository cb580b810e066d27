import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseClusterName } from '../brands.ts';
import { authLanding, clusterPage, parseReturnPath } from './return-path.ts';

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
/** Nothing, or a page that is ours and the way out of it again. */
const POSITIONS = ['', '/c/main/..', '/c/main/%2e%2e', '/c/%252E.'];
const CORPUS = [
  ...new Set(
    POSITIONS.flatMap((position) =>
      OPENINGS.filter((opening) => position === '' || opening.startsWith('/')).flatMap((opening) =>
        HOSTS.map((host) => position + opening + host),
      ),
    ),
  ),
];

/** How somebody reads a path who decodes it first and looks at it afterwards, as many proxies and frameworks do. */
function readNaively(path: string): URL {
  let decoded = path;
  for (let round = 0; round < 5; round++) {
    try {
      decoded = decodeURIComponent(decoded);
    } catch {
      break;
    }
  }
  return new URL(decoded.replaceAll('\\', '/'), OURS);
}

const OURS = 'https://lamp.example';

function expectOurs(path: string): void {
  expect(path).toMatch(/^\/(?![/\\])[\x21-\x7e]*$/);
  expect(new URL(path, OURS).origin).toBe(OURS);
  expect(new URL(path, OURS).pathname).not.toMatch(/^\/[/\\]/);
  expect(readNaively(path).origin).toBe(OURS);
}

describe('an open redirect', () => {
  test('has two hundred forms at least [C9]', () => {
    expect(CORPUS.length).toBeGreaterThanOrEqual(200);
  });

  test('leads to the start page in every form [C9]', () => {
    expect(CORPUS.filter((path) => parseReturnPath(path) !== '/')).toEqual([]);
  });

  test('stays on our origin for whoever reads what is let through, browser or naive decoder [C9]', () => {
    const pieces = [
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
      ';',
      '%25',
      '%00',
    ];
    const nasty = fc.array(fc.constantFrom(...pieces, 'evil.example', 'https:', 'c', 'main'), { maxLength: 12 });
    let kept = 0;
    fc.assert(
      fc.property(nasty, (parts) => {
        const path = parseReturnPath(`/${parts.join('')}`);
        if (path !== '/') kept++;
        expectOurs(path);
      }),
      { numRuns: 10_000 },
    );
    // Otherwise nothing was shown.
    expect(kept).toBeGreaterThan(100);
  });

  test('stays on our origin for any text at all [C9]', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.webUrl(),
      fc.webPath(),
      fc.string().map((tail) => `/${tail}`),
    );
    fc.assert(
      fc.property(text, (raw) => {
        expectOurs(parseReturnPath(raw));
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
    '/metrics',
    '/signed-out?state=x',
    '/Signed-Out',
    '/oidc-backchannel-logout',
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

test.each(['main', 'a&b=c', 'arn:aws:eks:eu:1:cluster/prod', '..', 'ä ö', '//evil.example', '\\evil.example'])(
  'wherever a cluster called %j has people land, it is a page of ours [C9]',
  (name) => {
    const cluster = parseClusterName(name);
    if (cluster === undefined) throw new Error(`${name} is a cluster name`);
    expectOurs(clusterPage(cluster));
    expectOurs(authLanding(cluster));
    const landing = new URL(authLanding(cluster), OURS);
    expect([landing.pathname, landing.searchParams.get('cluster')]).toEqual(['/auth', name]);
  },
);
