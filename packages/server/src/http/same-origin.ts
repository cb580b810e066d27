/** Decides whether a write comes from our own page. Cookies travel with requests other sites cause; their writes end here. */
import { accept, type Result, refuse } from '@lamplighter/auth-core';
import type { PublicOrigin } from './public-origin.ts';

export interface WriteFacts {
  readonly method: string;
  readonly secFetchSite: string | undefined;
  readonly origin: string | undefined;
  readonly own: PublicOrigin;
  /**
   * Whether the request may write although no browser vouches for it: it brings its own Authorization header, which no other site can
   * make a browser send, or it brings no cookie of ours at all.
   */
  readonly trustedWithoutOrigin: boolean;
}

const READS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);

/** Fetch Metadata first: browsers set it, scripts cannot. `none` is a person's own doing, such as a bookmark. */
export function judgeWrite({ method, secFetchSite, origin, own, trustedWithoutOrigin }: WriteFacts): Result<null> {
  if (READS.has(method)) return accept(null);
  if (secFetchSite !== undefined) return decide(secFetchSite === 'same-origin' || secFetchSite === 'none');
  if (origin !== undefined) return decide(isOwnOrigin(origin, own));
  return decide(trustedWithoutOrigin);
}

// Behind a proxy we do not know, we may be https without seeing it; https is never the weaker claim.
function isOwnOrigin(origin: string, { scheme, host }: PublicOrigin): boolean {
  return host !== '' && (origin === `${scheme}://${host}` || origin === `https://${host}`);
}

function decide(allowed: boolean): Result<null> {
  return allowed ? accept(null) : refuse({ reason: 'cross_site_write' });
}
