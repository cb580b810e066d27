/** Decides how browsers reach us: scheme, host and base path. Headers that a client could write count only from a proxy we trust. */
import { isLoopbackHost } from '../config/urls.ts';

export interface PublicOrigin {
  readonly scheme: 'https' | 'http';
  /** The request's Host, lower case; empty when it is missing or no host. */
  readonly host: string;
  /** Empty, or what stands before every path of ours: `/lamp`. */
  readonly basePath: string;
}

export interface OriginFacts {
  /** `--oidc-callback-url`, or null. It names the public scheme for certain. */
  readonly callbackUrl: string | null;
  /** Whether this server speaks TLS itself: browsers then reach it over https without anybody having to say so. */
  readonly native: boolean;
  readonly basePath: string;
  readonly hostHeader: string | undefined;
  readonly forwardedProto: string | undefined;
  /** Whether the connection comes from one of `--trusted-proxies`. */
  readonly fromTrustedProxy: boolean;
}

/** A host and perhaps a port (RFC 9110, section 7.2); anything else would end up inside a redirect URI. */
const HOST = /^(?:[a-z0-9](?:[a-z0-9.-]{0,252})|\[[0-9a-f:.]{2,45}\])(?::\d{1,5})?$/;

export function readPublicOrigin({ hostHeader, basePath, ...facts }: OriginFacts): PublicOrigin {
  const host = (hostHeader ?? '').toLowerCase();
  return { scheme: readScheme(facts), host: HOST.test(host) ? host : '', basePath };
}

function readScheme({
  callbackUrl,
  native,
  forwardedProto,
  fromTrustedProxy,
}: Omit<OriginFacts, 'hostHeader' | 'basePath'>): PublicOrigin['scheme'] {
  if (callbackUrl !== null) return callbackUrl.startsWith('https:') ? 'https' : 'http';
  return native || (forwardedProto === 'https' && fromTrustedProxy) ? 'https' : 'http';
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
