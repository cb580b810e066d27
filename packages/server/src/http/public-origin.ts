/** Decides how browsers reach us: scheme and host. Headers that a client could write count only from a proxy we trust. */
import { isLoopbackHost } from '../config/schema.ts';
import type { PublicScheme } from './cookies.ts';

export interface PublicOrigin {
  readonly scheme: PublicScheme;
  /** The request's Host, lower case; empty when it is missing or no host. */
  readonly host: string;
}

export interface OriginFacts {
  /** `--oidc-callback-url`, or null. It names the public scheme for certain. */
  readonly callbackUrl: string | null;
  readonly hostHeader: string | undefined;
  readonly forwardedProto: string | undefined;
  /** Whether the connection comes from one of `--trusted-proxies`. */
  readonly fromTrustedProxy: boolean;
}

/** A host and perhaps a port (RFC 9110, section 7.2); anything else would end up inside a redirect URI. */
const HOST = /^(?:[a-z0-9](?:[a-z0-9.-]{0,252})|\[[0-9a-f:.]{2,45}\])(?::\d{1,5})?$/;

export function readPublicOrigin({
  callbackUrl,
  hostHeader,
  forwardedProto,
  fromTrustedProxy,
}: OriginFacts): PublicOrigin {
  const host = (hostHeader ?? '').toLowerCase();
  const plainHost = HOST.test(host) ? host : '';
  if (callbackUrl !== null) return { scheme: callbackUrl.startsWith('https:') ? 'https' : 'http', host: plainHost };
  const isHttps = forwardedProto === 'https' && fromTrustedProxy;
  return { scheme: isHttps ? 'https' : 'http', host: plainHost };
}

/**
 * Attack this stops (DNS rebinding): a site whose name is made to point at 127.0.0.1 would talk to a server only this machine should reach.
 * @param listenAddress - as configured; anything but a loopback address answers every Host.
 */
export function isHostAnswered(host: string, listenAddress: string, callbackUrl: string | null): boolean {
  if (!isLoopbackHost(listenAddress)) return true;
  const name = host.replace(/:\d+$/, '');
  return isLoopbackHost(name) || name === listenAddress || (callbackUrl !== null && host === new URL(callbackUrl).host);
}
