/** Every number the judgement depends on, with its unit and its reason. */

/** Long enough to find a password and a second factor; short enough that a forgotten tab cannot be finished by the next person. */
export const LOGIN_LIFETIME_SECONDS = 600;

/** RFC 6749, section 10.10 asks for 128 bits that cannot be guessed; twice that costs nothing. */
export const LOGIN_SECRET_BYTES = 32;

/** A session's record is found by 128 bits and opened by 256. */
export const SESSION_ID_BYTES = 16;
export const SESSION_KEY_BYTES = 32;

/** A return path is sealed into a cookie of at most 4,096 bytes, with everything else a login holds. */
export const RETURN_PATH_MAX_CHARS = 1024;

/** Each round strips one layer of percent-encoding; whatever still changes after these was written to deceive. */
export const RETURN_PATH_DECODE_ROUNDS = 3;

/** Managed clusters use long resource names as contexts; this is twice the longest seen. */
export const CLUSTER_NAME_MAX_CHARS = 512;

/** OpenID Connect Core 1.0, section 2: `sub` must not exceed 255 ASCII characters. */
export const SUBJECT_MAX_CHARS = 255;

/** How far a provider's clock may be ahead of ours: what clocks without care drift apart, and far less than a token lives. */
export const CLOCK_SKEW_SECONDS = 30;

/** What a provider says about an error is shown to people; more than this is no sentence. */
export const PROVIDER_TEXT_MAX_CHARS = 300;

/** How much of its life a bearer may have left when it is renewed: a tenth, within these limits (OpenUnison's tokens live one minute). */
export const REFRESH_LEAD_SHARE = 0.1;
export const REFRESH_LEAD_MIN_SECONDS = 5;
export const REFRESH_LEAD_MAX_SECONDS = 60;

/** After a renewal that got no answer: the first pause, doubled each time up to the last. A provider in trouble is not asked by every request. */
export const REFRESH_PAUSE_FIRST_SECONDS = 2;
export const REFRESH_PAUSE_MAX_SECONDS = 60;

/** How often an activity is written down at most: with a limit of minutes, a minute more or less is not noticed. */
export const TOUCH_INTERVAL_MAX_SECONDS = 60;
/** For shorter limits: this share of the limit. */
export const TOUCH_INTERVAL_SHARE = 0.25;
