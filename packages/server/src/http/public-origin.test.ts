import { expect, test } from 'vitest';
import { type OriginFacts, readPublicOrigin } from './public-origin.ts';

const facts: OriginFacts = {
  callbackUrl: null,
  native: false,
  basePath: '',
  hostHeader: 'Lamp.example:8080',
  forwardedProto: undefined,
  fromTrustedProxy: true,
};

test.each([
  ['http when nothing says otherwise', {}, 'http'],
  ['https by a trusted proxy', { forwardedProto: 'https' }, 'https'],
  ['http when anybody else says https', { forwardedProto: 'https', fromTrustedProxy: false }, 'http'],
  ['http when the proxy names two', { forwardedProto: 'https,http' }, 'http'],
  ['https when this server speaks TLS itself', { native: true }, 'https'],
  [
    'https when this server speaks TLS itself, whatever a proxy says',
    { native: true, forwardedProto: 'http' },
    'https',
  ],
  ['https by the configured URL', { callbackUrl: 'https://lamp.example/oidc-callback' }, 'https'],
  [
    'http by the configured URL, whatever a proxy says',
    { callbackUrl: 'http://localhost/x', forwardedProto: 'https' },
    'http',
  ],
] as const)('the public scheme is %s', (_, changes, scheme) => {
  expect(readPublicOrigin({ ...facts, ...changes })).toEqual({ scheme, host: 'lamp.example:8080', basePath: '' });
});

test('the base path is the configured one', () => {
  expect(readPublicOrigin({ ...facts, basePath: '/lamp' }).basePath).toBe('/lamp');
});

test.each([
  { forwardedProto: 'http', fromTrustedProxy: true },
  { hostHeader: 'evil.example' },
  { native: false, forwardedProto: 'https', fromTrustedProxy: false },
])('with a configured callback URL no header changes the scheme: %j [C8]', (changes) => {
  const callbackUrl = 'https://lamp.example/oidc-callback';
  expect(readPublicOrigin({ ...facts, callbackUrl, ...changes }).scheme).toBe('https');
});

test.each(['', 'a b', 'a/b', 'user@host', 'host:port', 'host:1:2', '-x', 'a\\b', 'é.example', undefined])(
  '%j is no host',
  (hostHeader) => {
    expect(readPublicOrigin({ ...facts, hostHeader }).host).toBe('');
  },
);

test.each(['localhost', 'localhost:4466', '127.0.0.1:80', '[::1]:80', 'a.b-c.example'])(
  '%s is a host',
  (hostHeader) => {
    expect(readPublicOrigin({ ...facts, hostHeader }).host).toBe(hostHeader);
  },
);
