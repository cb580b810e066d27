/** Which namespace the page shows and what it makes of the answers; pure. */
import type { ListState } from './list-state.ts';
import { type NamespaceName, parseNamespace } from './namespace-name.ts';

export type Scope =
  | { readonly scope: 'all' }
  | { readonly scope: 'one'; readonly namespace: NamespaceName }
  /** The address names what can be no namespace. */
  | { readonly scope: 'impossible'; readonly written: string };

export function readScope(written: string | null): Scope {
  if (written === null || written === '') return { scope: 'all' };
  const namespace = parseNamespace(written);
  return namespace === null ? { scope: 'impossible', written } : { scope: 'one', namespace };
}

/** What the answers add up to. `undecided`: one is still awaited that could change the picture. */
export type Access = 'undecided' | 'some' | 'none' | 'unreachable';

/**
 * Whoever is refused namespaces and every kind has no rights here; it takes all answers to say so.
 * With namespaces listed there is something to show, whatever the rest says.
 */
export function readAccess(namespaces: ListState, kinds: readonly ListState[]): Access {
  const all = [namespaces, ...kinds].map(({ state }) => state);
  if (all.includes('rows')) return 'some';
  if (all.includes('loading')) return 'undecided';
  if (all.every((state) => state === 'refused')) return 'none';
  return all.includes('refused') ? 'some' : 'unreachable';
}
