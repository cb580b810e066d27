/**
 * GET /signed-out: the browser is back from the provider's logout. The session ended before it left, so nothing depends on what comes
 * back: another state, or none, is written down and survived.
 */
import { replyRedirect } from '../http/replies.ts';
import type { EventLog } from '../log.ts';
import type { LogoutCookies } from '../oidc/logout-cookies.ts';
import type { Handler } from './exchange.ts';

export function createSignedOutHandler(logoutCookies: LogoutCookies, log: Pick<EventLog, 'warn'>): Handler {
  return async ({ incoming, origin, query }) => {
    const left = logoutCookies.find(query, incoming.headers.cookie, origin);
    if (left === undefined) log.warn('somebody came back from a logout that this browser was not sent to.');
    const cookies = left === undefined ? [] : [logoutCookies.clear(left, origin)];
    return replyRedirect(`${origin.basePath}/`, 303, cookies);
  };
}
