/** Every number of the page that is a choice, with its unit in the name and its reason beside it. */

/** Lists are asked for again while the page is visible: often enough to feel live, rare enough for a small API server. */
export const LIST_REFRESH_MS = 10_000;

/** A refreshed token moves the end of a session, so the countdown asks again once a minute. */
export const SESSION_REFRESH_MS = 60_000;

/** The most objects asked for in one list: the API server's own page size for kubectl. */
export const LIST_LIMIT_OBJECTS = 500;

/** Rows shown before "Show all": nine sections must stay readable on one page. */
export const ROWS_SHOWN_AT_FIRST = 25;

/** From here on the page warns that the session is about to end: time enough to finish a thought and sign in again. */
export const ENDING_SOON_MS = 120_000;

/** Below this a difference between the browser's clock and the server's is rounding and travel time, not a wrong clock. */
export const CLOCK_TOLERANCE_MS = 5_000;

/** Namespaces remembered per cluster: as many as fit on one line of suggestions. */
export const NAMESPACES_REMEMBERED = 6;
