/**
 * The one place where browser secrets and cluster secrets meet: decides whose bearer a request carries. A trusted proxy's token comes
 * first, then Authorization, then a WebSocket's subprotocol, then the session. A malformed one is refused, never passed over, and
 * without any source nobody is asked for anything.
 */
import type { PastedToken, Person, Refusal, Result } from '@lamplighter/auth-core';
import { Credential } from '@lamplighter/proxy';
import type { Cluster } from '../clusters/registry.ts';
import type { IdentityHeaders } from '../config/server-config.ts';
import { readCookies, readCookieValues, sessionCookieName } from '../http/cookies.ts';
import type { Refresher } from '../sessions/refresher.ts';
import type { FoundSession, Sessions } from '../sessions/sessions.ts';
import { readAuthorization, readSubprotocolBearer } from './bearer-headers.ts';
import type { Asker } from './exchange.ts';
import { type ProxyIdentity, readProxyIdentity } from './proxy-identity.ts';
import { clearSessionCookies } from './session-cookies.ts';

export interface CredentialSources {
  readonly sessions: Sessions;
  readonly refresher: Refresher;
  /** Null: no proxy's word is taken for who somebody is. */
  readonly identityHeaders: IdentityHeaders | null;
}

export type Decision =
  /** `person`: whom a trusted proxy names beside its token, for display. */
  | (Granted & { readonly from: 'proxy'; readonly bearer: PastedToken; readonly person: Person | null })
  | (Granted & { readonly from: 'header' | 'subprotocol'; readonly bearer: PastedToken })
  | (Granted & { readonly from: 'session'; readonly session: FoundSession })
  | (NotGranted & { readonly person: Person | null });

interface Granted {
  readonly ok: true;
  readonly credential: Credential;
}

/** `cookies`: what ends a ticket that is worth nothing any more. */
interface NotGranted {
  readonly ok: false;
  readonly refusal: Refusal;
  readonly cookies: readonly string[];
}

/** @param means - where a bearer may stand: only a request for an upgrade cannot set headers and offers subprotocols instead. */
export async function decideCredential(
  asker: Asker,
  cluster: Cluster,
  sources: CredentialSources,
  means: 'request' | 'upgrade' = 'request',
): Promise<Decision> {
  const { rawHeaders } = asker.incoming;
  const proxy = askProxy(asker, sources);
  if (!proxy.ok) return { ...proxy, cookies: [], person: null };
  const person = proxy.value?.person ?? null;
  const bearer = proxy.value?.bearer ?? null;
  if (bearer !== null) return { ok: true, from: 'proxy', credential: new Credential(bearer), bearer, person };

  const header = readAuthorization(rawHeaders);
  const own = header ?? (means === 'upgrade' ? readSubprotocolBearer(rawHeaders) : null);
  if (own !== null) {
    if (!own.ok) return { ...own, cookies: [], person: null };
    const from = header === null ? 'subprotocol' : 'header';
    return { ok: true, from, credential: new Credential(own.value), bearer: own.value };
  }

  const session = await findSession(asker, cluster, sources, 'activity');
  if (!session.ok) return { ...session, person };
  const { record } = session.value.live;
  return { ok: true, from: 'session', credential: new Credential(record.bearer), session: session.value };
}

/** Null when no proxy we trust says anything. From any other address these headers mean nothing; they are dropped on the way up. */
export function askProxy(
  { incoming, fromTrustedProxy }: Asker,
  { identityHeaders }: CredentialSources,
): Result<ProxyIdentity | null> {
  if (identityHeaders === null || !fromTrustedProxy) return { ok: true, value: null };
  return readProxyIdentity(incoming.rawHeaders, identityHeaders);
}

export type SessionDecision = { readonly ok: true; readonly value: FoundSession } | NotGranted;

/**
 * The session of this browser and cluster, whatever headers say, with a bearer that is good now.
 * @param use - `poll`: a page that asks how long its session lasts does not make it last.
 */
export async function findSession(
  { incoming, origin }: Asker,
  cluster: Cluster,
  { sessions, refresher }: CredentialSources,
  use: 'activity' | 'poll',
): Promise<SessionDecision> {
  const ticket = readCookies(incoming.headers.cookie).get(sessionCookieName(cluster.name, origin));
  if (ticket === undefined) return { ok: false, refusal: { reason: 'not_signed_in' }, cookies: [] };
  const found = await sessions.find(ticket, cluster.name);
  const fresh = found.ok ? await refresher.freshen(found.value) : found;
  if (!fresh.ok) return { ...fresh, cookies: clearSessionCookies(cluster.name, origin) };
  if (use === 'activity') await sessions.touch(fresh.value);
  return fresh;
}

/**
 * Every session this request holds a ticket of, for whoever ends them: a cookie planted beside the right one must not keep that alive
 * through a sign-out.
 */
export async function findSessionsToEnd(
  { incoming, origin }: Asker,
  cluster: Cluster,
  sessions: Sessions,
): Promise<readonly FoundSession[]> {
  const tickets = new Set(readCookieValues(incoming.headers.cookie, sessionCookieName(cluster.name, origin)));
  const found = await Promise.all([...tickets].map((ticket) => sessions.find(ticket, cluster.name)));
  return found.flatMap((result) => (result.ok ? [result.value] : []));
}
