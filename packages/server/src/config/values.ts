/** The kinds of value a flag may hold, each with the words that say what would be accepted. */
import { parseExpressions } from '@lamplighter/auth-core';
import { z } from 'zod';
import { isForbiddenIdentityHeader } from './identity-headers.ts';
import type { StoreConfig } from './server-config.ts';
import { type ProxyRange, parseTrustedProxies } from './trusted-proxies.ts';
import { isLink, isSecureUrl, parseStore } from './urls.ts';

/** Reads a text; `parse` yields undefined for what is not accepted. */
export function parsed<Value>(
  parse: (text: string) => Value | undefined,
  accepted: string,
): z.ZodPipe<z.ZodString, z.ZodTransform<Value, string>> {
  return z.string().transform((given, context) => {
    const value = parse(given);
    if (value !== undefined) return value;
    context.addIssue({ code: 'custom', message: accepted });
    return z.NEVER;
  });
}

export type Parsed<Value> = ReturnType<typeof parsed<Value>>;

export const text: z.ZodString = z.string();

/** Go's flag package reads these (and their capitals) as booleans. */
const BOOLEANS: ReadonlyMap<string, boolean> = new Map([
  ['true', true],
  ['t', true],
  ['1', true],
  ['false', false],
  ['f', false],
  ['0', false],
]);

export const boolean: Parsed<boolean> = parsed((given) => BOOLEANS.get(given.toLowerCase()), 'true or false');

export function integer(least: number, most: number, unit: string): Parsed<number> {
  return parsed((given) => {
    const value = Number(given);
    return /^\d{1,10}$/.test(given) && value >= least && value <= most ? value : undefined;
  }, `a whole number of ${unit} from ${least} to ${most}`);
}

/** Kept byte for byte. */
export const httpUrl: z.ZodString = text.refine(
  isSecureUrl,
  'an https URL without query and fragment (http only for a loopback host)',
);

export const link: z.ZodString = text.refine(isLink, 'a path that begins with one slash, or an https URL');

export const trustedProxies: Parsed<readonly ProxyRange[]> = parsed(
  parseTrustedProxies,
  'addresses or CIDR ranges separated by commas, or `loopback`',
);

export const sessionStore: Parsed<StoreConfig> = parsed(
  parseStore,
  '`memory`, the path of a file, or redis://host:port/database (rediss:// over TLS; valkey:// and valkeys:// are the same)',
);

/** `openid` first, whatever was asked; blanks and repeats dropped, the order kept. */
export const scopes: Parsed<readonly string[]> = parsed((list) => {
  if (!/^[\x20\x21\x23-\x5b\x5d-\x7e]*$/.test(list)) return undefined;
  return [...new Set(['openid', ...list.split(/[,\s]+/).filter((scope) => scope !== '')])];
}, 'scope names separated by commas (RFC 6749, section 3.3)');

export const expressions: Parsed<readonly string[]> = parsed((list) => {
  const found = parseExpressions(list);
  return found?.length === 0 ? undefined : found;
}, 'JMESPath expressions separated by commas, a name with other signs than letters, digits and `_` in double quotes');

/** Without a slash at the end; `/` alone is the root. Only characters that no browser, proxy or cookie path writes in two ways. */
export const basePath: Parsed<string> = parsed((given) => {
  const path = given.replace(/\/+$/, '');
  const isPlain = /^(?:\/[A-Za-z0-9._~-]+)*$/.test(path) && given.startsWith('/');
  return isPlain && !path.split('/').some((segment) => segment === '.' || segment === '..') ? path : undefined;
}, 'a path that begins with a slash, its segments of letters, digits and `.`, `_`, `~`, `-`');

/** Lower case. */
export const identityHeader: Parsed<string> = parsed((given) => {
  const name = given.toLowerCase();
  return /^[!#$%&'*+.^_`|~0-9a-z-]+$/.test(name) && !isForbiddenIdentityHeader(name) ? name : undefined;
}, 'the name of a header that means nothing else to this server, to HTTP or to browsers');
