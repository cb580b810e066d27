/** Judges how a request is framed, before anything in it is believed: two readers must never see two different requests. */
import type { IncomingMessage } from 'node:http';
import { accept, type Result, refuse } from '@lamplighter/auth-core';
import { headerValues } from './raw-headers.ts';

/**
 * Attack this stops (request smuggling, RFC 9112, section 11.2): what Node's parser lets through and a server before or behind us may
 * read differently. What the parser itself refuses is answered in http/unreadable.ts.
 */
export function judgeFraming({ rawHeaders, httpVersion }: IncomingMessage): Result<null> {
  const isLatest = httpVersion === '1.1';
  const hosts = headerValues(rawHeaders, 'host');
  // RFC 9112, section 3.2: exactly one; only HTTP/1.0 may have none.
  if (hosts.length > 1 || (hosts.length === 0 && isLatest)) return refuse({ reason: 'request_malformed' });
  const codings = headerValues(rawHeaders, 'transfer-encoding')
    .join(',')
    .split(',')
    .map((coding) => coding.trim().toLowerCase())
    .filter((coding) => coding !== '');
  // RFC 9112, section 6.1: HTTP/1.0 knows no transfer codings, and `chunked` stands once, at the end.
  if (codings.length > 0 && !isLatest) return refuse({ reason: 'request_malformed' });
  if (codings.some((coding) => coding !== 'chunked')) return refuse({ reason: 'transfer_coding_unknown' });
  if (codings.length > 1) return refuse({ reason: 'request_malformed' });
  const expectations = headerValues(rawHeaders, 'expect');
  if (isLatest && expectations.some((expectation) => expectation.trim().toLowerCase() !== '100-continue'))
    return refuse({ reason: 'expectation_refused' });
  return accept(null);
}
