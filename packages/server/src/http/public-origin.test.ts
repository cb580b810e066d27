import { expect, test } from 'vitest';
import { type OriginFacts, readPublicOrigin } from './public-origin.ts';

const facts: OriginFacts = {
  callbackUrl: null,
  hostHeader: 'Lamp.example:8080',
  forwardedProto: undefined,
  fromTrustedProxy: true,
};

test.each([
  ['http when nothing says otherwise', {}, 'http'],
  ['https by a trusted proxy', { forwardedProto: 'https' }, 'https'],
  ['http when anybody else says https', { forwardedProto: 'https', fromTrustedProxy: false }, 'http'],
  ['http when the proxy names two', { forwardedProto: 'https,http' }, 'http'],
  ['https by the configured URL', { callbackUrl: 'https://lamp.example/oidc-callback' }, 'https'],
  [
    'http by the configured URL, whatever a proxy says',
    { callbackUrl: 'http://localhost/x', forwardedProto: 'https' },
    'http',
  ],
] as const)('the public scheme is %s', (_, changes, scheme) => {
  expect(readPublicOrigin({ ...facts, ...changes })).toEqual({ scheme, host: 'lamp.example:8080' });
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
