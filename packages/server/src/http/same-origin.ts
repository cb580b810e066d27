/** Decides whether a write comes from our own page. Cookies travel with requests other sites cause; their writes end here. */
import { accept, type Result, refuse } from '@lamplighter/auth-core';
import type { PublicOrigin } from './public-origin.ts';

export interface WriteFacts {
  readonly method: string;
  readonly secFetchSite: string | undefined;
  readonly origin: string | undefined;
  readonly own: PublicOrigin;
  /** Whether it brings an Authorization header, which no other site can make a browser send. */
  readonly bringsAuthorization: boolean;
}

const READS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Browsers set both headers, scripts can set neither: each that is there must speak for our page. `none` (a bookmark, a typed address)
 * does not: no page of ours writes that way. With neither there, only a request that brings its own Authorization header may write.
 */
export function judgeWrite({ method, secFetchSite, origin, own, bringsAuthorization }: WriteFacts): Result<null> {
  if (READS.has(method)) return accept(null);
  if (origin !== undefined && !isOwnOrigin(origin, own)) return refuse({ reason: 'cross_site_write' });
  if (secFetchSite !== undefined && secFetchSite !== 'same-origin') return refuse({ reason: 'cross_site_write' });
  const vouchedFor = origin !== undefined || secFetchSite !== undefined;
  return vouchedFor || bringsAuthorization ? accept(null) : refuse({ reason: 'cross_site_write' });
}

// Behind a proxy we do not know, we may be https without seeing it; https is never the weaker claim.
function isOwnOrigin(origin: string, { scheme, host }: PublicOrigin): boolean {
  return host !== '' && (origin === `${scheme}://${host}` || origin === `https://${host}`);
}
