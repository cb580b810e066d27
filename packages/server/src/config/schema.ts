/** The one schema of what flags and environment may hold. It judges texts; files are read elsewhere. */
import { isIP } from 'node:net';
import { type ClusterName, parseClusterName } from '@lamplighter/auth-core';
import { z } from 'zod';
import {
  PORT_DEFAULT,
  SESSION_TTL_DEFAULT_SECONDS,
  SESSION_TTL_MAX_SECONDS,
  SESSION_TTL_MIN_SECONDS,
} from '../constants.ts';
import { FLAGS } from './flags.ts';
import type { ClientAuthentication, OidcConfig, StoreConfig } from './server-config.ts';
import type { ProxyRange } from './trusted-proxies.ts';
import { describeCallbackUrl, isCallbackUrl } from './urls.ts';
import {
  basePath,
  boolean,
  expressions,
  httpUrl,
  identityHeader,
  integer,
  link,
  parsed,
  scopes,
  sessionStore,
  text,
  trustedProxies,
} from './values.ts';

export const LOG_LEVELS = ['debug', 'info', 'warn', 'error'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

const AUTH_METHODS = ['client_secret_basic', 'client_secret_post', 'private_key_jwt', 'none'] as const;
const USERINFO_TIMES = ['auto', 'always', 'never'] as const;

/** What the flags with an effect hold once their form was judged; an absent one was not given, or given without anything in it. */
export interface Settings {
  readonly kubeconfig?: string | undefined;
  readonly 'in-cluster': boolean;
  readonly 'in-cluster-context-name'?: ClusterName | undefined;
  readonly port: number;
  readonly 'listen-addr': string;
  readonly 'tls-cert-path'?: string | undefined;
  readonly 'tls-key-path'?: string | undefined;
  readonly 'base-url': string;
  readonly 'trusted-proxies': readonly ProxyRange[];
  readonly 'oidc-client-id'?: string | undefined;
  readonly 'oidc-client-secret'?: string | undefined;
  readonly 'oidc-client-secret-file'?: string | undefined;
  readonly 'oidc-auth-method'?: ClientAuthentication['method'] | undefined;
  readonly 'oidc-private-key-file'?: string | undefined;
  readonly 'oidc-idp-issuer-url'?: string | undefined;
  readonly 'oidc-scopes': readonly string[];
  readonly 'oidc-offline-access': boolean;
  readonly 'oidc-use-pkce': boolean;
  readonly 'oidc-use-access-token': boolean;
  readonly 'oidc-validator-client-id'?: string | undefined;
  readonly 'oidc-validator-idp-issuer-url'?: string | undefined;
  readonly 'oidc-userinfo': OidcConfig['userinfo'];
  readonly 'oidc-callback-url'?: string | undefined;
  readonly 'oidc-ca-file'?: string | undefined;
  readonly 'oidc-skip-tls-verify': boolean;
  readonly 'insecure-ssl': boolean;
  readonly 'oidc-use-cookie': boolean;
  readonly 'me-username-path': readonly string[];
  readonly 'me-email-path': readonly string[];
  readonly 'me-groups-path': readonly string[];
  readonly 'me-user-info-url': string;
  readonly 'proxy-auth': boolean;
  readonly 'proxy-auth-username-header': string;
  readonly 'proxy-auth-group-header': string;
  readonly 'proxy-auth-email-header': string;
  readonly 'proxy-auth-token-header': string;
  readonly 'session-ttl': number;
  readonly 'session-idle-ttl'?: number | undefined;
  readonly 'session-store': StoreConfig;
  readonly 'session-key-file'?: string | undefined;
  readonly 'html-static-dir'?: string | undefined;
  readonly 'auto-login': boolean;
  readonly 'hide-token-login': boolean;
  readonly 'metrics-enabled': boolean;
  readonly 'log-level': LogLevel;
}

const seconds = integer(SESSION_TTL_MIN_SECONDS, SESSION_TTL_MAX_SECONDS, 'seconds');

/** Headlamp's own, and the same table that help and docs show. */
function fallbackOf(name: keyof Settings): string {
  return FLAGS.find((flag) => flag.name === name)?.fallback ?? '';
}

export const EFFECTIVE: z.ZodType<Settings> = z.object({
  kubeconfig: text.optional(),
  'in-cluster': boolean.prefault('false'),
  'in-cluster-context-name': parsed(
    parseClusterName,
    'a name that is not blank, without control characters',
  ).optional(),
  port: integer(0, 65_535, 'ports').default(PORT_DEFAULT),
  'listen-addr': text
    .refine(
      (value) => value === '' || value === 'localhost' || isIP(value) !== 0,
      'an IP address, `localhost` or nothing',
    )
    .default(''),
  'tls-cert-path': text.optional(),
  'tls-key-path': text.optional(),
  'base-url': basePath.default(''),
  'trusted-proxies': trustedProxies.prefault(fallbackOf('trusted-proxies')),
  'oidc-client-id': text.optional(),
  'oidc-client-secret': text.optional(),
  'oidc-client-secret-file': text.optional(),
  'oidc-auth-method': z.enum(AUTH_METHODS, { error: AUTH_METHODS.join(', ') }).optional(),
  'oidc-private-key-file': text.optional(),
  'oidc-idp-issuer-url': httpUrl.optional(),
  'oidc-scopes': scopes.prefault(fallbackOf('oidc-scopes')),
  'oidc-offline-access': boolean.prefault('false'),
  'oidc-use-pkce': boolean.prefault('false'),
  'oidc-use-access-token': boolean.prefault('false'),
  'oidc-validator-client-id': text.optional(),
  'oidc-validator-idp-issuer-url': httpUrl.optional(),
  'oidc-userinfo': z.enum(USERINFO_TIMES, { error: USERINFO_TIMES.join(', ') }).default('auto'),
  'oidc-callback-url': text
    .refine(isCallbackUrl, { error: ({ input }) => describeCallbackUrl(String(input)) })
    .optional(),
  'oidc-ca-file': text.optional(),
  'oidc-skip-tls-verify': boolean.prefault('false'),
  'insecure-ssl': boolean.prefault('false'),
  'oidc-use-cookie': boolean.prefault('false'),
  'me-username-path': expressions.prefault(fallbackOf('me-username-path')),
  'me-email-path': expressions.prefault(fallbackOf('me-email-path')),
  'me-groups-path': expressions.prefault(fallbackOf('me-groups-path')),
  'me-user-info-url': link.default(''),
  'proxy-auth': boolean.prefault('false'),
  'proxy-auth-username-header': identityHeader.prefault(fallbackOf('proxy-auth-username-header')),
  'proxy-auth-group-header': identityHeader.prefault(fallbackOf('proxy-auth-group-header')),
  'proxy-auth-email-header': identityHeader.prefault(fallbackOf('proxy-auth-email-header')),
  'proxy-auth-token-header': identityHeader.prefault(fallbackOf('proxy-auth-token-header')),
  'session-ttl': seconds.default(SESSION_TTL_DEFAULT_SECONDS),
  'session-idle-ttl': seconds.optional(),
  'session-store': sessionStore.prefault('memory'),
  'session-key-file': text.optional(),
  'html-static-dir': text.optional(),
  'auto-login': boolean.prefault('false'),
  'hide-token-login': boolean.prefault('false'),
  'metrics-enabled': boolean.prefault('false'),
  'log-level': z.enum(LOG_LEVELS, { error: LOG_LEVELS.join(', ') }).default('info'),
});

/** Also the flags without effect are checked for their kind: a mistake shows now, not with the version that acts on them. */
export const INEFFECTIVE: z.ZodObject = z.object(
  Object.fromEntries(
    FLAGS.filter((flag) => !flag.effective).map(({ name, kind }) => [
      name,
      (kind === 'boolean' ? boolean : text).optional(),
    ]),
  ),
);
