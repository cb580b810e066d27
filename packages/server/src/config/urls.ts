/** Judges the URLs a configuration may hold. What passes is kept byte for byte, because providers compare it so. */
import { resolve } from 'node:path';
import type { StoreConfig } from './server-config.ts';

/** The one path this server answers a provider's redirect on, below the base path. */
export const CALLBACK_PATH = '/oidc-callback';

/** https, or http on this machine only, because tokens and codes travel over it; without query, fragment, name and password. */
export function isSecureUrl(value: string): boolean {
  // Blanks and control characters are dropped by whoever parses the URL, and would stay in the text we keep.
  if (!/^[\x21-\x7e]+$/.test(value) || !URL.canParse(value)) return false;
  const { protocol, hostname, search, hash, username, password } = new URL(value);
  if (search !== '' || hash !== '' || username !== '' || password !== '') return false;
  return protocol === 'https:' || (protocol === 'http:' && isLoopbackHost(hostname));
}

/** A name or address that never leaves this machine. */
export function isLoopbackHost(hostname: string): boolean {
  return (
    hostname === 'localhost' || hostname === '[::1]' || hostname === '::1' || /^127(?:\.\d{1,3}){3}$/.test(hostname)
  );
}

export function isCallbackUrl(value: string): boolean {
  return isSecureUrl(value) && new URL(value).href === value && value.endsWith(CALLBACK_PATH);
}

// The provider compares this URL byte for byte, so the one we keep must be the one that is sent.
export function describeCallbackUrl(value: string): string {
  const spelling = isSecureUrl(value) && new URL(value).href !== value ? `, spelled ${new URL(value).href}` : '';
  return `the full https URL of ${CALLBACK_PATH} as registered at the provider (http only for a loopback host)${spelling}`;
}

/** What the page may be given as a link: a path of this host, or an https URL. Attack this stops: `javascript:` in a link. */
export function isLink(value: string): boolean {
  return /^\/(?![/\\])[\x21-\x5b\x5d-\x7e]*$/.test(value) || (isSecureUrl(value) && !value.includes('\\'));
}

/** Anything that was meant as a URL, so that a misspelt one does not become the name of a file. */
const MEANT_AS_URL = /^(?:rediss?|valkeys?|unix|file):|^[a-z][a-z0-9+.-]*:\/\//i;
/** `valkey` is what Valkey's own tools write; both servers speak one protocol. A path is a database's number. */
const REDIS_URL = /^(?:redis|valkey)(s?):\/\/[\x21-\x7e]+$/i;

/** `memory`, a Redis or Valkey URL, or else a path, made absolute; undefined for a URL of anything else. */
export function parseStore(value: string): StoreConfig | undefined {
  if (value === 'memory') return { kind: 'memory' };
  if (!MEANT_AS_URL.test(value)) return { kind: 'file', path: resolve(value) };
  const [, secure] = REDIS_URL.exec(value) ?? [];
  if (secure === undefined || !URL.canParse(value)) return undefined;
  const { hostname, pathname, search, hash } = new URL(value);
  if (hostname === '' || search !== '' || hash !== '' || !/^(?:\/\d{0,4})?$/.test(pathname)) return undefined;
  return { kind: 'redis', url: `redis${secure.toLowerCase()}${value.slice(value.indexOf(':'))}` };
}
