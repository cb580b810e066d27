/** Reads the bearers a program brings by itself: in an Authorization header, or in the subprotocols of a WebSocket. */
import { accept, decodeBase64url, type PastedToken, type Result, refuse } from '@lamplighter/auth-core';
import { headerValues } from '../http/raw-headers.ts';

/** RFC 6750, section 2.1, with RFC 9110's case-insensitive scheme. */
const BEARER = /^bearer[ \t]+([A-Za-z0-9\-._~+/]+=*)$/i;

/** RFC 6750, section 2.1. */
const TOKEN = /^[A-Za-z0-9\-._~+/]+=*$/;

/** What Kubernetes' own clients put before a token where no header can be set (k8s.io/apiserver, websocket authentication). */
const SUBPROTOCOL = 'base64url.bearer.authorization.k8s.io.';

/** Null when there is none. Two headers, or one with a comma, are two opinions: somebody between us could read the other one. */
export function readAuthorization(rawHeaders: readonly string[]): Result<PastedToken> | null {
  const values = headerValues(rawHeaders, 'authorization');
  const [value] = values;
  if (value === undefined) return null;
  const token = BEARER.exec(value.trim())?.[1];
  if (values.length > 1 || token === undefined) return refuse({ reason: 'credential_malformed' });
  // The expression above is the form this type promises.
  return accept(token as PastedToken);
}

/** Null when none of the subprotocols offered is a bearer. */
export function readSubprotocolBearer(rawHeaders: readonly string[]): Result<PastedToken> | null {
  const offered = headerValues(rawHeaders, 'sec-websocket-protocol').flatMap((value) => value.split(','));
  const bearers = offered.map((name) => name.trim()).filter((name) => name.startsWith(SUBPROTOCOL));
  const [bearer] = bearers;
  if (bearer === undefined) return null;
  const bytes = decodeBase64url(bearer.slice(SUBPROTOCOL.length));
  const token = Buffer.from(bytes ?? []).toString('latin1');
  if (bearers.length > 1 || !TOKEN.test(token)) return refuse({ reason: 'credential_malformed' });
  // The expression above is the form this type promises.
  return accept(token as PastedToken);
}
