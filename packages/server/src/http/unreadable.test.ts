import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { answerUnreadable } from './unreadable.ts';

test.each([
  ['ERR_HTTP_REQUEST_TIMEOUT', '408 Request Timeout', 'request_late'],
  ['HPE_HEADER_OVERFLOW', '431 Request Header Fields Too Large', 'headers_too_large'],
  ['HPE_INVALID_METHOD', '400 Bad Request', 'request_malformed'],
])('what Node calls %s is answered %s, with the reason', async (code, status, reason) => {
  const socket = new PassThrough();
  answerUnreadable(Object.assign(new Error('no message is told'), { code }), socket);
  const [head = '', body = ''] = (await text(socket)).split('\r\n\r\n');
  expect(head.split('\r\n')[0]).toBe(`HTTP/1.1 ${status}`);
  expect(head).toContain(`\r\nLamplighter-Reason: ${reason}\r\n`);
  expect(head).toContain(`\r\nContent-Length: ${body.length}\r\nConnection: close`);
  expect(JSON.parse(body)).toMatchObject({ reason });
});
