/** Where the page is and how it goes elsewhere, on top of the router's bare location. Addresses here are below the base path. */
import { useCallback } from 'react';
import { useLocation, useRouter } from 'wouter';
import { type Place, readPlace } from './address.ts';
import { pathBelow } from './base-path.ts';

/**
 * The location is read from the router raw: its own hooks decode a path and query once too often,
 * and a cluster named `a/b` would come apart.
 */
function useRawLocation(): { pathname: string | null; search: string } {
  const router = useRouter();
  const [pathname] = router.hook(router);
  const search = router.searchHook(router).replace(/^\?/, '');
  return { pathname: pathBelow(router.base, pathname), search };
}

export function usePlace(): Place {
  const { pathname, search } = useRawLocation();
  return pathname === null ? { page: 'unknown' } : readPlace(pathname, search);
}

/** The address shown now, to come back to. */
export function useHere(): string {
  const { pathname, search } = useRawLocation();
  return search === '' ? (pathname ?? '/') : `${pathname ?? '/'}?${search}`;
}

/** Goes to an address of ours. `replace` leaves no step back to the present one. */
export function useGo(): (address: string, options?: { replace?: boolean }) => void {
  const [, navigate] = useLocation();
  return useCallback((address, options) => navigate(address, options), [navigate]);
}
