/** Every number of the server, with its unit, its reason and what a person notices when it lapses. */

/** Headlamp's default: a working day and night; then people sign in again. */
export const SESSION_TTL_DEFAULT_SECONDS = 86_400;
export const SESSION_TTL_MIN_SECONDS = 1;
/** One year, Headlamp's limit. */
export const SESSION_TTL_MAX_SECONDS = 31_536_000;

/** Headlamp's port, so that charts and bookmarks keep working. */
export const PORT_DEFAULT = 4466;

/** A key for AES-256. */
export const SEALING_KEY_BYTES = 32;

/** A provider that is still starting is worth this long a wait; then the operator reads why, and the supervisor starts us again. */
export const DISCOVERY_DEADLINE_MS = 10_000;
export const DISCOVERY_FIRST_PAUSE_MS = 100;
export const DISCOVERY_LONGEST_PAUSE_MS = 1_000;
/** One try must not eat the whole wait. */
export const DISCOVERY_ATTEMPT_TIMEOUT_MS = 5_000;

/** Somebody looks at an empty page meanwhile; after this they read that the provider does not answer. */
export const PROVIDER_TIMEOUT_SECONDS = 10;

/** Discovery documents, key sets and token answers are a few kilobytes; past this something else answers. */
export const PROVIDER_ANSWER_MAX_BYTES = 1_048_576;

/** What browsers keep of one cookie, name and value together; a larger one is dropped without a word. */
export const COOKIE_MAX_BYTES = 4_096;

/** Logins one browser may have open at once; the oldest makes room, or forgotten tabs would fill the browser's cookie header. */
export const PENDING_LOGINS_MAX = 16;

/** A used `state` is remembered as long as its login could still be presented, and a while for clocks that differ. */
export const USED_STATE_TTL_SECONDS = 1_200;

/** The largest body of ours: a token, even one with hundreds of groups, is smaller. */
export const BODY_MAX_BYTES = 65_536;

/** Room for a long bearer and sixteen open logins; Node's own 16 KiB is less than some tokens. */
export const HEADERS_MAX_BYTES = 98_304;

/** Longer than the idle time of common load balancers (60 s), so that they close first and no request meets a closing connection. */
export const KEEP_ALIVE_TIMEOUT_MS = 75_000;

/** On shutdown: requests under way may end by themselves for this long; then watches are cut. */
export const CLOSE_GRACE_MS = 1_000;

/** How often expired rows leave the store; nobody notices, they are refused from the moment they expire. */
export const STORE_SWEEP_INTERVAL_MS = 60_000;

/**
 * How long one try waits for another process that holds the store's file. Nothing else is served meanwhile, so it is short; a writer
 * in order holds the file for a few milliseconds.
 */
export const STORE_BUSY_TIMEOUT_MS = 100;
/** The pauses between tries, during which everything else is served. Then people read that the store does not answer. */
export const STORE_BUSY_PAUSES_MS: readonly number[] = [50, 100, 200, 400];
/** At the start there is nobody to serve yet, and another replica may be starting on the same file. */
export const STORE_OPEN_TIMEOUT_MS = 5_000;

/** Files a build names by their content never change. */
export const HASHED_ASSET_MAX_AGE_SECONDS = 31_536_000;

/**
 * After an answer that came before the request had ended: how long, and how much of it, is still read, so that the client gets to the
 * answer. Past either the connection is closed.
 */
export const LINGER_MAX_MS = 5_000;
export const LINGER_MAX_BYTES = 16_777_216;
export const LINGER_CHECK_MS = 50;

/** Browsers remember for a year that this host is https only. */
export const HSTS_MAX_AGE_SECONDS = 31_536_000;

/** Where the page's build puts files it names by their content, all code among them. */
export const HASHED_FOLDER = '/assets/';
