/** A name that can be a namespace's; minted only here. */

declare const checked: unique symbol;
export type NamespaceName = string & { readonly [checked]: 'namespace' };

/** RFC 1123 label, as the API server demands of namespaces: at most 63 letters, digits and hyphens. */
const LABEL = /^[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?$/;

/**
 * The trimmed name, or null when no namespace can have it. The name becomes part of a path,
 * where `..` from somebody's link would otherwise ask for something else entirely.
 */
export function parseNamespace(raw: string): NamespaceName | null {
  const name = raw.trim();
  // The proof of the type is the line itself.
  return LABEL.test(name) ? (name as NamespaceName) : null;
}
