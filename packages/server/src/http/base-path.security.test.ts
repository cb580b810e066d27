/** Attacks on the line between this server and its neighbours on the same host. */
import { expect, test } from 'vitest';
import { belowBasePath } from './base-path.ts';

test.each([
  '/lampx',
  '/lampx/config',
  '/LAMP/config',
  '/%6camp/config',
  '/lamp%2fconfig',
  '//lamp/config',
  '/./lamp/config',
  '/x/../lamp/config',
  '/lam',
  '/',
  '/config?/lamp/',
  '/lamp;x/config',
  '/healthz/x',
  '/healthz%3f',
])('%s is not below /lamp: nothing is decoded or tidied up before that is decided', (target) => {
  expect(belowBasePath(target, '/lamp')).toBeNull();
});

test.each([
  ['/lamp', '/'],
  ['/lamp?a=b', '/?a=b'],
  ['/lamp/', '/'],
  ['/lamp//clusters/x', '//clusters/x'],
  ['/lamp/../config', '/../config'],
  ['/lamp/clusters/a%2Fb/api?x=%2e', '/clusters/a%2Fb/api?x=%2e'],
  ['/lamp/lamp/config', '/lamp/config'],
  ['/healthz', '/healthz'],
  ['/readyz?verbose', '/readyz?verbose'],
  ['http://evil.example/lamp/', 'http://evil.example/lamp/'],
])('of %s what stands below /lamp is %s, byte for byte', (target, below) => {
  expect(belowBasePath(target, '/lamp')).toBe(below);
});

test('without a base path every target stays as it is', () => {
  for (const target of ['/', '//x', '/config', '*', '']) expect(belowBasePath(target, '')).toBe(target);
});
