/** Owns every figure the testbed waits by or counts with: unit in the name, reason beside it. */

/** How often a condition is asked again at first; a local probe costs well under a millisecond. */
export const POLL_FIRST_MS = 20;
/** Asking more rarely than this would show in a world's start time. */
export const POLL_MOST_MS = 50;
/** A control plane from nothing takes 2.5 s idle and 5 s loaded; a machine ten times slower still gets there. */
export const CLUSTER_READY_TIMEOUT_MS = 60_000;
/** Dex answers its discovery in well under a second. */
export const PROVIDER_READY_TIMEOUT_MS = 30_000;
/** The API server tries an issuer again only every 10 s, so one missed try must fit in. */
export const ISSUER_ACCEPTED_TIMEOUT_MS = 45_000;
/** The target is one Node process. */
export const TARGET_READY_TIMEOUT_MS = 20_000;
/** A part asked to end gets this long before it is killed; a throw-away world has nothing to save. */
export const STOP_GRACE_MS = 3_000;
/** The relay holds a request for a provider that is still starting: shorter than the API server's own 30 s client time-out. */
export const RELAY_HOLD_MS = 25_000;
/** What a message about a dead or slow part quotes of its log. */
export const LOG_TAIL_LINES = 12;
/** Where the tail is looked for; one log line of a Go part rarely passes 2 kB. */
export const LOG_TAIL_BYTES = 16_384;
/** A unix socket's path may have 107 bytes on Linux and 103 on macOS. */
export const SOCKET_PATH_MOST_BYTES = 100;
/** Certificates of a world that lives for hours; a day each way forgives a wrong clock. */
export const CERTIFICATE_DAYS = 30;
/** Tries on another port when somebody took the probed one first. */
export const PORT_TRIES = 4;
/** The port people know from Headlamp; taken when it is free on the world's own address. */
export const TARGET_FAVOURITE_PORT = 4466;
/** What a person may wait for a download to begin before the next way is tried. */
export const DOWNLOAD_CONNECT_TIMEOUT_MS = 8_000;
/** A download that brings no byte for this long is given up and may be resumed. */
export const DOWNLOAD_IDLE_TIMEOUT_MS = 30_000;
/** How long a failure waits for the word of a part's death, which may be what caused it and is told a moment later. */
export const DEATH_GRACE_MS = 300;
