/** Every number of the proxy, with its unit and what a person notices when it lapses. */

/** A cluster that does not even accept a connection by then is down: people read so instead of watching a spinner. */
export const CONNECT_TIMEOUT_MS = 5_000;

/**
 * An API server ends its own slow requests after 60 s and says why; ours waits a little longer, so that its answer is the one people
 * read. A watch answers its headers at once, so this never cuts one. What a pod, a service or a node answers through the API server may
 * be a long poll: those wait as long as their client does.
 */
export const HEADERS_TIMEOUT_MS = 75_000;

/** undici's word for none. */
export const NO_TIMEOUT_MS = 0;

/** Room for a long Warning of an admission webhook; Node's usual 16 KiB would turn such an answer into a failure. */
export const ANSWER_HEADERS_MAX_BYTES = 65_536;

/** How often a path is decoded in search of dot segments; nothing honest is encoded more often, so what is gets refused. */
export const PATH_DECODE_ROUNDS = 4;

/** A watch may be silent for hours; only its client, the cluster or our own end closes it. */
export const BODY_TIMEOUT_MS = 0;

/** Short questions of our own (who is this?) that somebody waits for at the sign-in page. */
export const QUESTION_TIMEOUT_MS = 10_000;

/** No answer to such a question is longer; a stranger's server may be at the other end. */
export const QUESTION_MAX_BYTES = 1_048_576;

/**
 * How long an exchange whose session is over may take to end well: its watch to finish the event under way, its client to read what was
 * sent. With the second until the end is noticed, nobody reads on for more than two after signing out.
 */
export const END_GRACE_MS = 500;
