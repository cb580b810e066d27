/** Seals what a browser keeps for us in a cookie, bound to the cookie's name: one renamed to stand for another does not open. */
import { seal, unseal } from '../sessions/sealing.ts';

export interface CookieSealer<Content extends object> {
  /** Base64url. */
  seal(cookieName: string, content: Content): string;
  /** Undefined for whatever `seal` did not make under that name. */
  open(cookieName: string, value: string): Content | undefined;
}

/**
 * @param keys - at least one; the first seals, all open.
 * @param kind - what is sealed as one kind never opens as another.
 */
export function createCookieSealer<Content extends object>(
  keys: readonly [Uint8Array, ...Uint8Array[]],
  kind: 'login' | 'logout',
): CookieSealer<Content> {
  const purpose = (cookieName: string): string => `lamplighter ${kind} ${cookieName}`;
  return {
    seal: (cookieName, content) =>
      seal(keys[0], Buffer.from(JSON.stringify(content)), purpose(cookieName)).toString('base64url'),
    open: (cookieName, value) => {
      const sealed = Buffer.from(value, 'base64url');
      for (const key of keys) {
        const plain = unseal(key, sealed, purpose(cookieName));
        // Only `seal` above makes what opens here: the tag proves it.
        if (plain !== undefined) return JSON.parse(plain.toString('utf8')) as Content;
      }
      return undefined;
    },
  };
}
