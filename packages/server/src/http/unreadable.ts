/** Answers what Node's parser could not read: no route and no handler ever sees it, but whoever sent it reads a reason. */
import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Refusal } from '@lamplighter/auth-core';
import { errorCode } from '@lamplighter/proxy';
import { tell } from '../respond.ts';
import type { ErrorResponse } from '../wire.ts';
import { JSON_HEADERS } from './security-headers.ts';

type Unreadable = Extract<Refusal, { reason: 'request_malformed' | 'request_late' | 'headers_too_large' }>;

/** Node's own codes; all others are a request that breaks HTTP's rules. */
const REASONS: ReadonlyMap<string, Unreadable['reason']> = new Map([
  ['HPE_HEADER_OVERFLOW', 'headers_too_large'],
  ['ERR_HTTP_REQUEST_TIMEOUT', 'request_late'],
]);

/** Writes the answer and closes. The caller has made sure that no other answer is under way on that connection. */
export function answerUnreadable(error: Error, socket: Duplex): { refusal: Unreadable; status: number } {
  const refusal: Unreadable = { reason: REASONS.get(errorCode(error) ?? '') ?? 'request_malformed' };
  const { status, code, message, headers } = tell(refusal);
  const body = JSON.stringify({ reason: code, message } satisfies ErrorResponse);
  const lines = Object.entries({
    ...JSON_HEADERS,
    ...headers,
    'Content-Length': String(Buffer.byteLength(body)),
    Connection: 'close',
  }).map(([name, value]) => `${name}: ${value}\r\n`);
  const head = `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines.join('')}\r\n`;
  socket.end(head + body, () => socket.destroy());
  return { refusal, status };
}
