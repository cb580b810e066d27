/** The two cookies of a session: the ticket, and beside it a mark that only names the session, for the way back from a provider. */
import { type ClusterName, decodeBase64url, SESSION_ID_BYTES, type SessionId } from '@lamplighter/auth-core';
import {
  type CookieSite,
  clearCookie,
  formatCookie,
  readCookieValues,
  sessionCookieName,
  sessionMarkName,
} from '../http/cookies.ts';

export interface BegunSession {
  readonly ticket: string;
  readonly id: SessionId;
  readonly cluster: ClusterName;
  readonly maxAgeSeconds: number;
}

/** `Set-Cookie` values. The mark is Lax, so that the callback sees it where the Strict ticket is absent; it opens nothing. */
export function sessionCookies(
  { ticket, id, cluster, maxAgeSeconds }: BegunSession,
  site: CookieSite,
): readonly string[] {
  return [
    formatCookie({ name: sessionCookieName(cluster, site), value: ticket, maxAgeSeconds, sameSite: 'Strict' }, site),
    formatCookie({ name: sessionMarkName(cluster, site), value: id, maxAgeSeconds, sameSite: 'Lax' }, site),
  ];
}

export function clearSessionCookies(cluster: ClusterName, site: CookieSite): readonly string[] {
  return [
    clearCookie(sessionCookieName(cluster, site), 'Strict', site),
    clearCookie(sessionMarkName(cluster, site), 'Lax', site),
  ];
}

/** The sessions this browser says it holds by now. For ending them only: a planted mark ends nothing but what its planter could name. */
export function readSessionMarks(
  cookieHeader: string | undefined,
  cluster: ClusterName,
  site: CookieSite,
): readonly SessionId[] {
  return readCookieValues(cookieHeader, sessionMarkName(cluster, site)).flatMap((value) =>
    // Canonical base64url of the right length is all a session's id is.
    decodeBase64url(value)?.length === SESSION_ID_BYTES ? [value as SessionId] : [],
  );
}
