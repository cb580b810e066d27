import { type LoginState, parseClusterName } from '@lamplighter/auth-core';
import {
  array,
  assert,
  boolean,
  constantFrom,
  integer,
  property,
  record,
  stringMatching,
  uniqueArray,
} from 'fast-check';
import { expect, test } from 'vitest';
import { COOKIE_MAX_BYTES } from '../constants.ts';
import {
  type CookieSite,
  type CookieToSet,
  clearCookie,
  fitsCookie,
  formatCookie,
  isLoginCookie,
  loginCookieName,
  logoutCookieName,
  readCookies,
  readCookieValues,
  sessionCookieName,
  sessionMarkName,
} from './cookies.ts';

// Minted by parsing or by chance elsewhere; here any text will do.
const state = (text: string) => text as LoginState;

const cluster = (name: string) => {
  const parsed = parseClusterName(name);
  if (parsed === undefined) throw new Error(`${name} is no cluster name`);
  return parsed;
};

const HTTPS: CookieSite = { scheme: 'https', basePath: '' };
const HTTPS_BELOW: CookieSite = { scheme: 'https', basePath: '/lamp' };
const HTTP: CookieSite = { scheme: 'http', basePath: '' };
const HTTP_BELOW: CookieSite = { scheme: 'http', basePath: '/lamp' };
const SITES = [HTTPS, HTTPS_BELOW, HTTP, HTTP_BELOW];

test.each([
  [
    'over https it is Secure and bound to this very host',
    HTTPS,
    /^__Host-[^;]*=v; Path=\/; Max-Age=60; HttpOnly; SameSite=Strict; Secure$/,
  ],
  [
    'over https below a base path it is Secure and goes nowhere else',
    HTTPS_BELOW,
    /^__Secure-[^;]*=v; Path=\/lamp; Max-Age=60; HttpOnly; SameSite=Strict; Secure$/,
  ],
  ['over http it is plain', HTTP, /^lamplighter-[^;]*=v; Path=\/; Max-Age=60; HttpOnly; SameSite=Strict$/],
  [
    'over http below a base path it is plain and goes nowhere else',
    HTTP_BELOW,
    /^lamplighter-[^;]*=v; Path=\/lamp; Max-Age=60; HttpOnly; SameSite=Strict$/,
  ],
] as const)('the session cookie: %s [C24]', (_, site, expected) => {
  const name = sessionCookieName(cluster('main'), site);
  expect(name).toMatch(/lamplighter-session-[0-9a-f]{16}$/);
  expect(formatCookie({ name, value: 'v', maxAgeSeconds: 60, sameSite: 'Strict' }, site)).toMatch(expected);
});

test('each kind of cookie has names of its own, and only a login in flight is taken for one', () => {
  for (const site of SITES) {
    const login = loginCookieName(state('main'), site);
    const others = [
      sessionCookieName(cluster('main'), site),
      sessionMarkName(cluster('main'), site),
      logoutCookieName('main', site),
    ];
    expect(new Set([login, ...others]).size).toBe(4);
    expect([login, ...others].map((name) => isLoginCookie(name, site))).toEqual([true, false, false, false]);
  }
});

test('an insecure combination does not compile', () => {
  // @ts-expect-error - a name of neither form
  const stray: CookieToSet = { name: 'session', value: 'v', maxAgeSeconds: 1, sameSite: 'Strict' };
  // @ts-expect-error - a prefix that means nothing to a browser
  const made: CookieToSet = { name: '__Strict-lamplighter-x', value: 'v', maxAgeSeconds: 1, sameSite: 'Strict' };
  // @ts-expect-error - SameSite=None
  const open: CookieToSet = { name: 'lamplighter-x', value: 'v', maxAgeSeconds: 1, sameSite: 'None' };
  expect([stray, made, open].length).toBe(3);
});

test('clusters whose names differ only in characters a cookie cannot hold have cookies of their own', () => {
  const names = ['a/b', 'a_b', 'a b', 'ab', 'AB', `${'x'.repeat(60)}1`, `${'x'.repeat(60)}2`].map((name) =>
    sessionCookieName(cluster(name), HTTP),
  );
  expect(new Set(names).size).toBe(names.length);
});

test('a cleared cookie keeps its attributes, so browsers recognise it', () => {
  expect(clearCookie('__Secure-lamplighter-x', 'Lax', HTTPS_BELOW)).toBe(
    '__Secure-lamplighter-x=; Path=/lamp; Max-Age=0; HttpOnly; SameSite=Lax; Secure',
  );
  expect(clearCookie('__Host-lamplighter-x', 'Lax', HTTPS)).toBe(
    '__Host-lamplighter-x=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax; Secure',
  );
});

test('cookies are read by name; a name that comes twice is left out', () => {
  expect([...readCookies('a=1; b=2;c=3 ; d; e=; a=4; f=x=y')]).toEqual([
    ['b', '2'],
    ['c', '3'],
    ['e', ''],
    ['f', 'x=y'],
  ]);
  expect(readCookies(undefined).size).toBe(0);
});

test('whoever ends sessions gets every value of a name', () => {
  expect(readCookieValues('lamplighter-x=1; b=2; lamplighter-x=3', 'lamplighter-x')).toEqual(['1', '3']);
  expect(readCookieValues('b=2', 'lamplighter-x')).toEqual([]);
});

/** RFC 6265, section 4.1.1. */
const NAME = stringMatching(/^[!#$%&'*+\-.^_`|~0-9A-Za-z]{1,30}$/);
const VALUE = stringMatching(/^[!#-+\--:<-[\]-~]{0,200}$/);
const PAIR = record({ name: NAME, value: VALUE });
const HEADER = array(PAIR, { maxLength: 20 });
const textOf = (pairs: readonly { name: string; value: string }[]) =>
  pairs.map(({ name, value }) => `${name}=${value}`).join('; ');

test('whatever cookies a browser holds, each name that comes once is read as it was sent, and no other', () => {
  assert(
    property(HEADER, (pairs) => {
      const once = pairs.filter(({ name }) => pairs.filter((other) => other.name === name).length === 1);
      const read = readCookies(textOf(pairs));
      expect([...read]).toEqual(once.map(({ name, value }) => [name, value]));
    }),
  );
});

test('whatever is planted around a cookie of ours, under any other name, its value is read as it was written [C24]', () => {
  assert(
    property(HEADER, HEADER, VALUE, constantFrom(...SITES), (before, after, value, site) => {
      const name = sessionCookieName(cluster('main'), site);
      const [pair = ''] = formatCookie({ name, value, maxAgeSeconds: 60, sameSite: 'Strict' }, site).split('; ');
      const header = [textOf(before), pair, textOf(after)].filter((part) => part !== '').join('; ');
      expect(readCookies(header).get(name)).toBe(value);
      expect(readCookieValues(header, name)).toEqual([value]);
    }),
  );
});

test('whatever arrives as a Cookie header is read without an error, and twice the same', () => {
  assert(
    property(stringMatching(/^[\x20-\x7e\x80-\xff]{0,300}$/), (header) => {
      expect([...readCookies(header)]).toEqual([...readCookies(header)]);
    }),
  );
});

test('whatever is written is HttpOnly, without Domain, Secure exactly over https, and no longer than browsers keep [C24, C25]', () => {
  const cookies = record({
    value: stringMatching(/^[A-Za-z0-9_.-]{0,5000}$/),
    maxAgeSeconds: integer({ min: -5, max: 40_000_000 }),
    isStrict: boolean(),
    site: constantFrom(...SITES),
  });
  assert(
    property(cookies, ({ value, maxAgeSeconds, isStrict, site }) => {
      const name = sessionCookieName(cluster('main'), site);
      const cookie: CookieToSet = { name, value, maxAgeSeconds, sameSite: isStrict ? 'Strict' : 'Lax' };
      if (!fitsCookie(cookie, site)) return void expect(() => formatCookie(cookie, site)).toThrow(RangeError);
      const written = formatCookie(cookie, site);
      expect(Buffer.byteLength(written)).toBeLessThanOrEqual(COOKIE_MAX_BYTES);
      const [, ...attributes] = written.split('; ');
      expect(attributes).toContain('HttpOnly');
      expect(attributes.includes('Secure')).toBe(site.scheme === 'https');
      expect(attributes.some((attribute) => attribute.startsWith('Domain'))).toBe(false);
      expect(attributes).toContain(`Path=${site.basePath === '' ? '/' : site.basePath}`);
    }),
  );
});

test('the largest cookie that fits is 4,096 bytes, attributes counted; one more and it is refused, its value untold [C25]', () => {
  const of = (length: number): CookieToSet => ({
    name: '__Host-lamplighter-x',
    value: 'a'.repeat(length),
    maxAgeSeconds: 60,
    sameSite: 'Lax',
  });
  const most = COOKIE_MAX_BYTES - formatCookie(of(0), HTTPS).length;
  expect(formatCookie(of(most), HTTPS).length).toBe(4_096);
  expect(fitsCookie(of(most + 1), HTTPS)).toBe(false);
  expect(() => formatCookie(of(most + 1), HTTPS)).toThrow(/^a cookie of 4097 bytes would be dropped$/);
});

test('names of clusters, however many, have cookies that never collide', () => {
  assert(
    property(uniqueArray(NAME, { maxLength: 50 }), constantFrom(...SITES), (names, site) => {
      const cookies = names.map((name) => sessionCookieName(cluster(name), site));
      expect(new Set(cookies).size).toBe(names.length);
    }),
  );
});
