/** Finds the route of a raw request target. */
import type { Refusal } from '@lamplighter/auth-core';
import { ROUTES, type Route } from '../routes.ts';

export type Match =
  | {
      readonly ok: true;
      readonly route: Route;
      /** The segment that names the cluster, decoded; null where the route has none. */
      readonly cluster: string | null;
      /** The segment that names one of a person's sessions, as written; null where the route has none. */
      readonly handle: string | null;
      /** What follows the cluster's segment, byte for byte, query included. */
      readonly rest: string;
    }
  /** `route`: the row whose path fits but whose methods do not. */
  | { readonly ok: false; readonly refusal: Refusal; readonly route: Route | null };

/** Rows of one path. */
interface Pattern {
  readonly routes: readonly Route[];
  readonly expression: RegExp;
}

const PATTERNS: readonly Pattern[] = [...Map.groupBy(ROUTES, ({ path }) => path)].map(([path, routes]) => ({
  routes,
  expression: toExpression(path),
}));

/**
 * Answered nowhere, whatever a route says: TRACE echoes headers that scripts must not read (RFC 9110, section 9.3.8), and CONNECT asks
 * for a tunnel.
 */
const NEVER_ANSWERED: ReadonlySet<string> = new Set(['TRACE', 'CONNECT']);

/** What the refusal of those two names. */
const USUAL_METHODS: readonly string[] = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];

/**
 * @param target - `/path?query` as received, without the base path; null when it lies outside.
 */
export function matchRoute(method: string, target: string | null): Match {
  if (NEVER_ANSWERED.has(method)) return refuseMatch({ reason: 'method_refused', allowed: USUAL_METHODS });
  if (target === null) return refuseMatch({ reason: 'not_found' });
  if (!target.startsWith('/')) return refuseMatch({ reason: 'path_refused' });
  const query = target.indexOf('?');
  const path = query < 0 ? target : target.slice(0, query);
  for (const { routes, expression } of PATTERNS) {
    const found = expression.exec(path);
    if (found === null) continue;
    const route = routes.find(({ methods }) => methods === null || methods.includes(method));
    if (route === undefined) {
      const allowed = routes.flatMap(({ methods }) => methods ?? []);
      return { ok: false, refusal: { reason: 'method_refused', allowed }, route: routes[0] ?? null };
    }
    const { cluster: segment, handle = null } = found.groups ?? {};
    if (segment === undefined) return { ok: true, route, cluster: null, handle, rest: '' };
    const rest = target.slice('/clusters/'.length + segment.length);
    return { ok: true, route, cluster: decode(segment), handle, rest };
  }
  return refuseMatch({ reason: 'not_found' });
}

function refuseMatch(refusal: Refusal): Match {
  return { ok: false, refusal, route: null };
}

function toExpression(path: string): RegExp {
  const source = path
    .replaceAll(/[.*+?^$()|[\]\\]/g, '\\$&')
    .replaceAll(/\{(cluster|handle)\}/g, '(?<$1>[^/]+)')
    .replace('…', '[^]*');
  return new RegExp(`^${source}$`);
}

/** A segment that is no UTF-8 names no cluster. */
function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return '';
  }
}
