import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeBase64url, encodeBase64url } from './base64url.ts';

test('any bytes come back as they were', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      expect(decodeBase64url(encodeBase64url(bytes))).toEqual(bytes);
    }),
  );
});

test('bytes are written as everybody else writes base64url', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      expect(encodeBase64url(bytes)).toBe(Buffer.from(bytes).toString('base64url'));
    }),
  );
});

test.each(['a', 'a=', 'ab==', 'a+b/', 'ab c', 'aé12', 'AB', 'AAB'])(
  'text that encodeBase64url never writes is refused: %j',
  (text) => {
    expect(decodeBase64url(text)).toBeUndefined();
  },
);
