/** Finds the route of a raw request target. */
import type { Refusal } from '@lamplighter/auth-core';
import { ROUTES, type Route } from '../routes.ts';

export type Match =
  | { readonly ok: true; readonly route: Route; readonly cluster: string | null; readonly rest: string }
  /** `route`: the row whose path fits but whose methods do not. */
  | { readonly ok: false; readonly refusal: Refusal; readonly route: Route | null };

interface Pattern {
  readonly route: Route;
  readonly expression: RegExp;
}

const PATTERNS: readonly Pattern[] = ROUTES.map((route) => ({ route, expression: toExpression(route.path) }));

/**
 * Answered nowhere, whatever a route says: TRACE echoes headers that scripts must not read (RFC 9110, section 9.3.8), and CONNECT asks
 * for a tunnel.
 */
const NEVER_ANSWERED: ReadonlySet<string> = new Set(['TRACE', 'CONNECT']);

/** What the refusal of those two names. */
const USUAL_METHODS: readonly string[] = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];

/**
 * @param target - as received: `/path?query`. `rest` is what follows the cluster's segment, byte for byte, query included.
 */
export function matchRoute(method: string, target: string): Match {
  if (NEVER_ANSWERED.has(method))
    return { ok: false, refusal: { reason: 'method_refused', allowed: USUAL_METHODS }, route: null };
  if (!target.startsWith('/')) return { ok: false, refusal: { reason: 'path_refused' }, route: null };
  const query = target.indexOf('?');
  const path = query < 0 ? target : target.slice(0, query);
  for (const { route, expression } of PATTERNS) {
    const found = expression.exec(path);
    if (found === null) continue;
    if (route.methods !== null && !route.methods.includes(method)) {
      return { ok: false, refusal: { reason: 'method_refused', allowed: route.methods }, route };
    }
    const segment = found.groups?.['cluster'];
    if (segment === undefined) return { ok: true, route, cluster: null, rest: '' };
    return { ok: true, route, cluster: decode(segment), rest: target.slice('/clusters/'.length + segment.length) };
  }
  return { ok: false, refusal: { reason: 'not_found' }, route: null };
}

function toExpression(path: string): RegExp {
  const source = path
    .replaceAll(/[.*+?^$()|[\]\\]/g, '\\$&')
    .replace('{cluster}', '(?<cluster>[^/]+)')
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
