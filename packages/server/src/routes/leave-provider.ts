/** GET /oidc-logout: sends a browser that has signed out here on to the provider's logout. It holds no session any more. */
import { replyRedirect } from '../http/replies.ts';
import type { LogoutCookies } from '../oidc/logout-cookies.ts';
import type { Handler } from './exchange.ts';

/** The address of whoever has gone there already. */
const GONE = '';

/** Whoever was not sent here goes to the start page: nothing is left to end. */
export function createLeaveProviderHandler(logoutCookies: LogoutCookies): Handler {
  return async ({ incoming, origin, query }) => {
    const leaving = logoutCookies.find(query, incoming.headers.cookie, origin);
    if (leaving === undefined || leaving.url === GONE) return replyRedirect(`${origin.basePath}/`, 303, []);
    // From here on only the way back is checked: the token leaves the browser's cookies, and few bytes stay.
    const kept = logoutCookies.start({ state: leaving.state, url: GONE }, origin);
    return replyRedirect(leaving.url, 303, kept === null ? [] : [kept]);
  };
}
