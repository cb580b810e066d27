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

/** Between two questions to a provider that was not had yet; doubled each time up to the last. Who wants to sign in meanwhile is not kept waiting by them. */
export const DISCOVERY_FIRST_PAUSE_MS = 100;
export const DISCOVERY_LONGEST_PAUSE_MS = 10_000;
/** Somebody may wait for this one question to be answered before they can sign in. */
export const DISCOVERY_ATTEMPT_TIMEOUT_MS = 5_000;

/**
 * Somebody looks at an empty page meanwhile; after this they read that the provider does not answer. Ten seconds are slow, but an answer:
 * a refresh token that was rotated in it would be lost if nobody waited for it.
 */
export const PROVIDER_TIMEOUT_SECONDS = 15;

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

/** How long a browser may stay at a provider's logout page and still be known when it comes back; later it lands on the start page all the same. */
export const LOGOUT_STATE_TTL_SECONDS = 600;

/** On shutdown: how long a revocation under way is waited for. Past it the refresh token lives on at the provider, and opens nothing here. */
export const ERRANDS_GRACE_MS = 500;

/** A lost connection is looked for again after this, then twice as long each time up to the last; whoever comes meanwhile reads that the store does not answer. */
export const REDIS_RECONNECT_FIRST_PAUSE_MS = 50;
export const REDIS_RECONNECT_LONGEST_PAUSE_MS = 2_000;
/** Somebody waits for a page meanwhile; a store in order answers within a few milliseconds. */
export const REDIS_CONNECT_TIMEOUT_MS = 2_000;
export const REDIS_COMMAND_TIMEOUT_MS = 2_000;
/** Longer than a row lives by our clock: Redis' own clock only cleans up, and must not take a row that is still live by ours. */
export const REDIS_EXPIRY_SLACK_SECONDS = 60;
/** So many rows are asked for at once, so that an operator's list of thousands holds up nobody's sign-in. */
export const REDIS_CHUNK_ROWS = 500;

/**
 * A server that dies while it renews a session keeps it for this long; then another one takes over. Longer than one call to the provider
 * (`PROVIDER_TIMEOUT_SECONDS`), and held on to at every third of it for as long as the renewal goes on.
 */
export const REFRESH_LEASE_SECONDS = 24;
/** How often whoever waits for another server's renewal looks whether it is done. */
export const REFRESH_WAIT_STEP_MS = 100;
/** Somebody looks at an empty page meanwhile; long enough to take over from a server that died. Past it they are asked to sign in again. */
export const REFRESH_WAIT_MAX_MS = 40_000;
/** Pauses before the new token is written once more while the store does not answer: not written, it would be lost with its refresh token. */
export const REFRESH_WRITE_PAUSES_MS: readonly number[] = [50, 100, 250, 500];
/** On shutdown: how long a renewal under way is waited for, because its answer would be lost with the store. Nothing else is served any more. */
export const REFRESH_CLOSE_GRACE_MS = 20_000;

/** Records opened just now that need not be opened again: enough for those who work at the same moment, and a few megabytes at most. */
export const OPENED_RECORDS_MAX = 512;
/** How long after its last request a session's record, with its bearer, stays in memory; past it, its next request takes 25 µs more. */
export const OPENED_RECORD_IDLE_MS = 60_000;

/** Where Kubernetes puts what a pod knows of its own cluster; client-go reads this same path and no other. */
export const SERVICE_ACCOUNT_FOLDER = '/var/run/secrets/kubernetes.io/serviceaccount';
/** The start waits no longer than this for the cluster's own name, as Headlamp; then the cluster is called `main`. */
export const CLUSTER_NAME_TIMEOUT_MS = 2_000;
/** Shorter RSA keys are refused by every library that would sign with them (RFC 7518, section 3.3). */
export const RSA_KEY_MIN_BITS = 2_048;

/** Kubernetes' own probes wait one second by default; a store that takes longer cannot serve anybody. */
export const READY_STORE_TIMEOUT_MS = 1_000;
/** A client that opens a TLS connection and says nothing is closed after this. */
export const TLS_HANDSHAKE_TIMEOUT_MS = 10_000;
/** From what loopback takes to what a person gives up on; watches last longer, and fall into the last one. */
export const REQUEST_DURATION_BUCKETS_SECONDS: readonly number[] = [
  0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10,
];

/** A document that was had is asked for again after this, when somebody signs in: endpoints move, and keys are told apart by it. */
export const METADATA_MAX_AGE_MS = 3_600_000;
/** Keys a provider has withdrawn are trusted no longer than this after somebody signs in. */
export const KEYS_MAX_AGE_MS = 3_600_000;
/** Tokens signed with keys that nobody knows may be sent by anyone; the provider's keys are asked for once more at most this often. */
export const KEYS_REFETCH_INTERVAL_MS = 10_000;
/** The start waits so long for the provider's first answer, because a wrong flag should end it; a provider that takes longer is waited for behind an open door. */
export const DISCOVERY_FIRST_ANSWER_MS = 3_000;
/** Whoever wants to know whether the provider answers just now is waiting for more than that. */
export const PROVIDER_PROBE_TIMEOUT_MS = 5_000;

/** How often it is looked whether a session with open streams is still there. With the proxy's grace, a stream ends within two seconds. */
export const STREAM_POLL_MS = 1_000;
/** A deleted account keeps what it watches until its cluster is asked again. One small question for each session that streams. */
export const STREAM_REVIEW_MS = 30_000;
/** So many of these questions are under way at once; the rest wait for the next turn, so that a slow cluster is not buried in them. */
export const STREAM_REVIEWS_MAX = 64;
/** An API server that has just started refuses everybody until it has read its issuers' keys; by then it has. */
export const CLUSTER_DOUBT_MS = 30_000;
/** Sessions in doubt at once; each holds its record meanwhile. Past it, a session comes into doubt when it is refused later on. */
export const CLUSTER_DOUBTS_MAX = 1_000;

/** After keys could not be had at all: how long everybody hears the same answer. Short, because sign-ins wait for it to pass. */
export const KEYS_RETRY_PAUSE_MS = 1_000;
