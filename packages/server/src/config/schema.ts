/** The one schema of what flags and environment may hold. It judges texts; files are read elsewhere. */
import { isIP } from 'node:net';
import { z } from 'zod';
import {
  PORT_DEFAULT,
  SESSION_TTL_DEFAULT_SECONDS,
  SESSION_TTL_MAX_SECONDS,
  SESSION_TTL_MIN_SECONDS,
} from '../constants.ts';
import type { GivenValue } from './arguments.ts';
import { FLAGS, type Flag, type FlagKind } from './flags.ts';
import { type ConfigProblem, isSecretFlag, shapeOf } from './problems.ts';
import { type ProxyRange, parseTrustedProxies } from './trusted-proxies.ts';

export const LOG_LEVELS = ['debug', 'info', 'warn', 'error'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** Go's flag package reads these (and their capitals) as booleans. */
const BOOLEANS: ReadonlyMap<string, boolean> = new Map([
  ['true', true],
  ['t', true],
  ['1', true],
  ['false', false],
  ['f', false],
  ['0', false],
]);

const boolean = z.string().transform((text, context) => {
  const value = BOOLEANS.get(text.toLowerCase());
  if (value !== undefined) return value;
  context.addIssue({ code: 'custom', message: 'true or false' });
  return z.NEVER;
});

function integer(least: number, most: number, unit: string): z.ZodType<number, string> {
  return z.string().transform((text, context) => {
    const value = Number(text);
    if (/^\d{1,10}$/.test(text) && value >= least && value <= most) return value;
    context.addIssue({ code: 'custom', message: `a whole number of ${unit} from ${least} to ${most}` });
    return z.NEVER;
  });
}

const text = z.string();

/** Kept byte for byte; https, or http on this machine only, because tokens and codes travel over it. */
const httpUrl = text.refine(isSecureUrl, 'an https URL without query and fragment (http only for a loopback host)');

const trustedProxies = z.string().transform((list, context) => {
  const ranges = parseTrustedProxies(list);
  if (ranges !== undefined) return ranges;
  context.addIssue({ code: 'custom', message: 'addresses or CIDR ranges separated by commas, or `loopback`' });
  return z.NEVER;
});

/** What the flags with an effect hold once their form was judged. */
export interface Settings {
  readonly kubeconfig?: string | undefined;
  readonly port: number;
  readonly 'listen-addr': string;
  readonly 'oidc-client-id'?: string | undefined;
  readonly 'oidc-client-secret'?: string | undefined;
  readonly 'oidc-client-secret-file'?: string | undefined;
  readonly 'oidc-idp-issuer-url'?: string | undefined;
  readonly 'oidc-scopes': string;
  readonly 'oidc-use-pkce': boolean;
  readonly 'oidc-callback-url'?: string | undefined;
  readonly 'oidc-ca-file'?: string | undefined;
  readonly 'trusted-proxies': readonly ProxyRange[];
  readonly 'session-ttl': number;
  readonly 'session-store': string;
  readonly 'session-key-file'?: string | undefined;
  readonly 'html-static-dir'?: string | undefined;
  readonly 'log-level': LogLevel;
}

/** The one path this server answers a provider's redirect on. */
const CALLBACK_PATH = '/oidc-callback';

const EFFECTIVE: z.ZodType<Settings> = z.object({
  kubeconfig: text.optional(),
  port: integer(0, 65_535, 'ports').default(PORT_DEFAULT),
  'listen-addr': text
    .refine(
      (value) => value === '' || value === 'localhost' || isIP(value) !== 0,
      'an IP address, `localhost` or nothing',
    )
    .default(''),
  'oidc-client-id': text.optional(),
  'oidc-client-secret': text.optional(),
  'oidc-client-secret-file': text.optional(),
  'oidc-idp-issuer-url': httpUrl.optional(),
  'oidc-scopes': text
    .refine(
      (value) => /^[\x20\x21\x23-\x5b\x5d-\x7e]*$/.test(value),
      'scope names separated by commas (RFC 6749, section 3.3)',
    )
    .default('profile,email'),
  'oidc-use-pkce': boolean.default(false),
  'oidc-callback-url': text
    .refine((value) => isSecureUrl(value) && new URL(value).href === value && value.endsWith(CALLBACK_PATH), {
      error: ({ input }) => describeCallbackUrl(String(input)),
    })
    .optional(),
  'oidc-ca-file': text.optional(),
  'trusted-proxies': trustedProxies.prefault('loopback'),
  'session-ttl': integer(SESSION_TTL_MIN_SECONDS, SESSION_TTL_MAX_SECONDS, 'seconds').default(
    SESSION_TTL_DEFAULT_SECONDS,
  ),
  'session-store': text.default('memory'),
  'session-key-file': text.optional(),
  'html-static-dir': text.optional(),
  'log-level': z.enum(LOG_LEVELS, { error: LOG_LEVELS.join(', ') }).default('info'),
});

/** Also the flags without effect are checked for their kind: a mistake shows now, not with the version that acts on them. */
const INEFFECTIVE = z.object(
  Object.fromEntries(
    FLAGS.filter((flag) => !flag.effective).map(({ name, kind }) => [
      name,
      (kind === 'boolean' ? boolean : text).optional(),
    ]),
  ),
);

/** A chart's variable that was never filled in: Kubernetes leaves `$(NAME)` as it is when NAME is unknown. */
const UNRESOLVED = /\$\([A-Za-z_][A-Za-z0-9_.-]*\)/;
/** A secret may hold anything, so it only counts as forgotten when it is nothing else. */
const UNRESOLVED_SECRET = new RegExp(`^${UNRESOLVED.source}$`);

const KINDS: ReadonlyMap<string, FlagKind> = new Map(FLAGS.map(({ name, kind }) => [name, kind]));

export interface ReadSettings {
  /** A flag whose value was refused has its default here, so that whatever else is wrong can be told in the same breath. */
  readonly settings: Settings;
  /** The flags whose value was refused. */
  readonly rejected: ReadonlySet<string>;
  readonly problems: readonly ConfigProblem[];
  /** Flags given that have no effect yet. */
  readonly withoutEffect: readonly Flag[];
}

export function readSettings(given: ReadonlyMap<string, GivenValue>): ReadSettings {
  const problems: ConfigProblem[] = [];
  const rejected = new Set<string>();
  const reject = (name: string, describe: (value: string) => string): void => {
    const { key, value } = given.get(name) ?? { key: `--${name}`, value: '' };
    problems.push({ key, problem: `was given ${describe(value)}` });
    rejected.add(name);
  };
  const values: Record<string, string> = {};
  for (const [name, { value }] of given) {
    const secret = isSecretFlag(name);
    const unresolved = (secret ? UNRESOLVED_SECRET : UNRESOLVED).exec(value)?.[0];
    if (unresolved !== undefined) {
      const shown = secret ? '`$(…)`' : unresolved;
      reject(name, () => `${shown}, a variable nobody filled in. Set it where this container is defined.`);
      // Charts write `--flag=` for a value nobody chose; only a list of scopes may be empty on purpose.
    } else if (value !== '' || KINDS.get(name) !== 'text' || name === 'oidc-scopes') values[name] = value;
  }
  const issues = [EFFECTIVE, INEFFECTIVE].flatMap((schema) => schema.safeParse(values).error?.issues ?? []);
  for (const { path, message } of issues) {
    const name = String(path[0]);
    reject(name, (value) => `${shapeOf(name, value)}; accepted: ${message}.`);
    delete values[name];
  }
  const withoutEffect = FLAGS.filter(({ name, effective }) => !effective && given.has(name));
  return { settings: EFFECTIVE.parse(values), rejected, problems, withoutEffect };
}

function isSecureUrl(value: string): boolean {
  // Blanks and control characters are dropped by whoever parses the URL, and would stay in the text we keep.
  if (!/^[\x21-\x7e]+$/.test(value) || !URL.canParse(value)) return false;
  const { protocol, hostname, search, hash, username, password } = new URL(value);
  if (search !== '' || hash !== '' || username !== '' || password !== '') return false;
  return protocol === 'https:' || (protocol === 'http:' && isLoopbackHost(hostname));
}

/** A name or address that never leaves this machine. */
export function isLoopbackHost(hostname: string): boolean {
  return (
    hostname === 'localhost' || hostname === '[::1]' || hostname === '::1' || /^127(?:\.\d{1,3}){3}$/.test(hostname)
  );
}

// The provider compares this URL byte for byte, so the one we keep must be the one that is sent.
function describeCallbackUrl(value: string): string {
  const spelling = isSecureUrl(value) && new URL(value).href !== value ? `, spelled ${new URL(value).href}` : '';
  return `the full https URL of /oidc-callback as registered at the provider (http only for a loopback host)${spelling}`;
}
