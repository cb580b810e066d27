import { expect, test } from 'vitest';
import { createProxyTrust, parseTrustedProxies } from './trusted-proxies.ts';

test.each([
  ['loopback', '127.0.0.1', true],
  ['loopback', '127.9.9.9', true],
  ['loopback', '::1', true],
  ['loopback', '::ffff:127.0.0.1', true],
  ['loopback', '10.0.0.1', false],
  ['10.0.0.0/8', '10.1.2.3', true],
  ['10.0.0.0/8', '::ffff:10.1.2.3', true],
  ['10.0.0.0/8', '11.0.0.1', false],
  ['10.0.0.0/8', '127.0.0.1', false],
  ['192.0.2.7', '192.0.2.7', true],
  ['192.0.2.7', '192.0.2.8', false],
  ['loopback, fd00::/8', 'fd12::1', true],
  ['fe80::/10', 'fe80::1%eth0', true],
  ['0.0.0.0/0', '203.0.113.1', true],
  ['0.0.0.0/0', '2001:db8::1', false],
  ['loopback', '', false],
  ['loopback', undefined, false],
])('of %s: %s is trusted: %s', (list, address, trusted) => {
  expect(createProxyTrust(parseTrustedProxies(list) ?? [])(address)).toBe(trusted);
});

test.each([
  '',
  ',',
  'proxy.example',
  '10.0.0.0/33',
  '::1/129',
  '10.0.0.0/',
  '10.0.0',
  'fe80::1%eth0',
  '10.0.0.1,nonsense',
  '*',
])('%j names no proxies', (list) => {
  expect(parseTrustedProxies(list)).toBeUndefined();
});
