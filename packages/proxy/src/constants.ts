/** Every number of the proxy, with its unit and what a person notices when it lapses. */

/** A cluster that does not even accept a connection by then is down: people read so instead of watching a spinner. */
export const CONNECT_TIMEOUT_MS = 5_000;

/**
 * An API server ends its own slow requests after 60 s and says why; ours waits a little longer, so that its answer is the one people
 * read. A watch answers its headers at once, so this never cuts one.
 */
export const HEADERS_TIMEOUT_MS = 75_000;

/** A watch may be silent for hours; only its client, the cluster or our own end closes it. */
export const BODY_TIMEOUT_MS = 0;

/** Short questions of our own (who is this?) that somebody waits for at the sign-in page. */
export const QUESTION_TIMEOUT_MS = 10_000;

/** No answer to such a question is longer; a stranger's server may be at the other end. */
export const QUESTION_MAX_BYTES = 1_048_576;
