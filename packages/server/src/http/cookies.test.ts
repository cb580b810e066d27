import { parseClusterName } from '@lamplighter/auth-core';
import { expect, test } from 'vitest';
import {
  type CookieToSet,
  clearCookie,
  formatCookie,
  readCookies,
  readCookieValues,
  sessionCookieName,
} from './cookies.ts';

const cluster = (name: string) => {
  const parsed = parseClusterName(name);
  if (parsed === undefined) throw new Error(`${name} is no cluster name`);
  return parsed;
};

test('over https a cookie is Secure and bound to this very host; over http it is plain', () => {
  const cookie = (scheme: 'https' | 'http') =>
    formatCookie({
      name: sessionCookieName(cluster('main'), scheme),
      value: 'v',
      maxAgeSeconds: 60,
      sameSite: 'Strict',
    });
  expect(cookie('https')).toMatch(
    /^__Host-lamplighter-session-[0-9a-f]{16}=v; Path=\/; Max-Age=60; HttpOnly; SameSite=Strict; Secure$/,
  );
  expect(cookie('http')).toMatch(
    /^lamplighter-session-[0-9a-f]{16}=v; Path=\/; Max-Age=60; HttpOnly; SameSite=Strict$/,
  );
});

test('an insecure combination does not compile', () => {
  // @ts-expect-error - a name of neither form
  const stray: CookieToSet = { name: 'session', value: 'v', maxAgeSeconds: 1, sameSite: 'Strict' };
  // @ts-expect-error - SameSite=None
  const open: CookieToSet = { name: 'lamplighter-x', value: 'v', maxAgeSeconds: 1, sameSite: 'None' };
  expect([stray, open].length).toBe(2);
});

test('clusters whose names differ only in characters a cookie cannot hold have cookies of their own', () => {
  const names = ['a/b', 'a_b', 'a b', 'ab', 'AB', `${'x'.repeat(60)}1`, `${'x'.repeat(60)}2`].map((name) =>
    sessionCookieName(cluster(name), 'http'),
  );
  expect(new Set(names).size).toBe(names.length);
});

test('a cleared cookie keeps its attributes, so browsers recognise it', () => {
  expect(clearCookie('__Host-lamplighter-x', 'Lax')).toBe(
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
