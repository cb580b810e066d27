/** Every number of the page that is a choice, with its unit in the name and its reason beside it. */

/** Lists are asked for again while the page is visible: often enough to feel live, rare enough for a small API server. */
export const LIST_REFRESH_MS = 10_000;

/** A refreshed token moves the end of a session, so the countdown asks again once a minute. */
export const SESSION_REFRESH_MS = 60_000;

/** In the last minutes before its end the session is asked for more often: another tab may have used it since. */
export const SESSION_REFRESH_SOON_MS = 10_000;

/** Whoever has not touched the page for so long is away: where unused sessions end, its lists then stand still, or they would keep it used. */
export const AWAY_AFTER_MS = 60_000;

/** How often it is looked whether somebody is away: well within the time that makes them so. */
export const AWAY_CHECK_MS = 5_000;

/** How long a window that was asked to close is given before it goes on as a page: closing takes the browser a few frames. */
export const CLOSE_GRACE_MS = 400;

/** A window large enough for the sign-in pages of the usual providers without scrolling. */
export const POPUP_WIDTH_PX = 520;
export const POPUP_HEIGHT_PX = 680;

/** The most objects asked for in one list: the API server's own page size for kubectl. */
export const LIST_LIMIT_OBJECTS = 500;

/** Rows shown before "Show all": nine sections must stay readable on one page. */
export const ROWS_SHOWN_AT_FIRST = 25;

/** Countdowns show seconds in the end. */
export const COUNTDOWN_TICK_MS = 1_000;

/** From here on the page warns that the session is about to end: time enough to finish a thought and sign in again. */
export const ENDING_SOON_MS = 120_000;

/** Below this a difference between the browser's clock and the server's is rounding and travel time, not a wrong clock. */
export const CLOCK_TOLERANCE_MS = 5_000;

/** Namespaces remembered per cluster: as many as fit on one line of suggestions. */
export const NAMESPACES_REMEMBERED = 6;
