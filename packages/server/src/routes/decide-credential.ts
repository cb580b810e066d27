/**
 * The one place where browser secrets and cluster secrets meet: decides whose bearer a request carries. Authorization comes before the
 * session; a malformed one is refused, never passed over, and without any source nobody is asked for anything.
 */
import type { IncomingMessage } from 'node:http';
import { accept, type PastedToken, type Refusal, type Result, refuse } from '@lamplighter/auth-core';
import { Credential } from '@lamplighter/proxy';
import type { Cluster } from '../clusters/registry.ts';
import { clearCookie, type PublicScheme, readCookies, readCookieValues, sessionCookieName } from '../http/cookies.ts';
import type { FoundSession, Sessions } from '../sessions/sessions.ts';

export type Decision =
  | { readonly ok: true; readonly from: 'header'; readonly credential: Credential; readonly bearer: PastedToken }
  | { readonly ok: true; readonly from: 'session'; readonly credential: Credential; readonly session: FoundSession }
  /** `cookies`: what ends a ticket that is worth nothing any more. */
  | { readonly ok: false; readonly refusal: Refusal; readonly cookies: readonly string[] };

export async function decideCredential(
  incoming: IncomingMessage,
  cluster: Cluster,
  scheme: PublicScheme,
  sessions: Sessions,
): Promise<Decision> {
  const header = readAuthorization(incoming.rawHeaders);
  if (header !== null) {
    if (!header.ok) return { ok: false, refusal: header.refusal, cookies: [] };
    return { ok: true, from: 'header', credential: new Credential(header.value), bearer: header.value };
  }
  const session = await findSession(incoming, cluster, scheme, sessions);
  if (!session.ok) return session;
  return {
    ok: true,
    from: 'session',
    credential: new Credential(session.value.live.record.bearer),
    session: session.value,
  };
}

export type SessionDecision =
  | { readonly ok: true; readonly value: FoundSession }
  | { readonly ok: false; readonly refusal: Refusal; readonly cookies: readonly string[] };

/** The session of this browser and cluster, whatever headers say. */
export async function findSession(
  incoming: IncomingMessage,
  cluster: Cluster,
  scheme: PublicScheme,
  sessions: Sessions,
): Promise<SessionDecision> {
  const name = sessionCookieName(cluster.name, scheme);
  const ticket = readCookies(incoming.headers.cookie).get(name);
  if (ticket === undefined) return { ok: false, refusal: { reason: 'not_signed_in' }, cookies: [] };
  const found = await sessions.find(ticket, cluster.name);
  return found.ok ? found : { ok: false, refusal: found.refusal, cookies: [clearCookie(name, 'Strict')] };
}

/**
 * Every session this request holds a ticket of, for whoever ends them: a cookie planted beside the right one must not keep that alive
 * through a sign-out.
 */
export async function findSessionsToEnd(
  incoming: IncomingMessage,
  cluster: Cluster,
  scheme: PublicScheme,
  sessions: Sessions,
): Promise<readonly FoundSession[]> {
  const tickets = new Set(readCookieValues(incoming.headers.cookie, sessionCookieName(cluster.name, scheme)));
  const found = await Promise.all([...tickets].map((ticket) => sessions.find(ticket, cluster.name)));
  return found.flatMap((result) => (result.ok ? [result.value] : []));
}

/** RFC 6750, section 2.1, with RFC 9110's case-insensitive scheme. */
const BEARER = /^bearer[ \t]+([A-Za-z0-9\-._~+/]+=*)$/i;

/** Null when there is none. Two headers, or one with a comma, are two opinions: somebody between us could read the other one. */
export function readAuthorization(rawHeaders: readonly string[]): Result<PastedToken> | null {
  const values = rawHeaders.filter((_, at) => at % 2 === 1 && rawHeaders[at - 1]?.toLowerCase() === 'authorization');
  const [value] = values;
  if (value === undefined) return null;
  const token = BEARER.exec(value.trim())?.[1];
  if (values.length > 1 || token === undefined) return refuse({ reason: 'credential_malformed' });
  // The expression above is the form this type promises.
  return accept(token as PastedToken);
}
