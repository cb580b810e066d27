/** Owns the names for strings and numbers that must not be mistaken for one another, and the parsers that mint them. */
import { CLUSTER_NAME_MAX_CHARS } from './constants.ts';

declare const brand: unique symbol;

/** A value that only the parser of that name can make. */
export type Brand<Value, Name extends string> = Value & { readonly [brand]: Name };

/** Seconds since 1970-01-01T00:00:00Z. */
export type EpochSeconds = number;

/** A cluster as people address it: the name of a kubeconfig context. */
export type ClusterName = Brand<string, 'ClusterName'>;

/** The public half of a ticket, base64url: it finds a session's record and opens nothing. */
export type SessionId = Brand<string, 'SessionId'>;

/** An OpenID Provider's issuer identifier, byte for byte as it writes it. */
export type Issuer = Brand<string, 'Issuer'>;

/** A path of our own origin a browser may be sent to after sign-in. */
export type ReturnPath = Brand<string, 'ReturnPath'>;

/** The `state` of a login, base64url of 32 bytes. */
export type LoginState = Brand<string, 'LoginState'>;

/** A bearer token whose form was judged; nobody has accepted it yet. */
export type PastedToken = Brand<string, 'PastedToken'>;

// Control characters in a name would reach logs and headers.
const FORBIDDEN_IN_NAME = /\p{Cc}/u;

/** Any name a kubeconfig may give a context, without control characters; otherwise undefined. */
export function parseClusterName(raw: string): ClusterName | undefined {
  if (raw.trim() === '' || raw.length > CLUSTER_NAME_MAX_CHARS || FORBIDDEN_IN_NAME.test(raw)) return undefined;
  // The three conditions above are all a cluster name has to meet.
  return raw as ClusterName;
}

/** Keeps the bytes: a trailing slash is part of an issuer (OpenID Connect Core 1.0, section 2). */
export function toIssuer(raw: string): Issuer {
  // Any string names an issuer; whether it is the right one is decided by comparison.
  return raw as Issuer;
}
