import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readAuthorization, readSubprotocolBearer } from './bearer-headers.ts';

const TOKENS = fc.stringMatching(/^[A-Za-z0-9\-._~+/]{1,60}={0,2}$/);
const PREFIX = 'base64url.bearer.authorization.k8s.io.';

test('every bearer a header or a subprotocol can carry is read as it was written', () => {
  fc.assert(
    fc.property(
      TOKENS,
      fc.constantFrom('Bearer', 'bearer', 'BEARER', 'bEaReR'),
      fc.constantFrom(' ', '\t', '  '),
      (token, scheme, blank) => {
        expect(readAuthorization(['Authorization', scheme + blank + token])).toEqual({ ok: true, value: token });
        const encoded = PREFIX + Buffer.from(token).toString('base64url');
        expect(readSubprotocolBearer(['Sec-WebSocket-Protocol', `v5.channel.k8s.io, ${encoded}`])).toEqual({
          ok: true,
          value: token,
        });
      },
    ),
  );
});

test('no text makes a reader throw, and what is read is always a token', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      for (const read of [
        readAuthorization(['authorization', text]),
        readSubprotocolBearer(['sec-websocket-protocol', PREFIX + text]),
      ]) {
        if (read?.ok === true) expect(read.value).toMatch(/^[A-Za-z0-9\-._~+/]+=*$/);
      }
    }),
  );
});

test('a header that is not there is no header', () => {
  expect(readAuthorization(['X-Authorization', 'Bearer a'])).toBeNull();
  expect(readSubprotocolBearer(['Sec-WebSocket-Protocol', 'v5.channel.k8s.io'])).toBeNull();
});
