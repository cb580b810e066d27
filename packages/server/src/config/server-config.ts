/** What the server runs on, once everything was read and judged: nothing inside sees an undefined default or checks again. */
import type { ClusterName, Issuer } from '@lamplighter/auth-core';
import type { Upstream } from '@lamplighter/proxy';
import type { LogLevel } from './schema.ts';
import type { ProxyRange } from './trusted-proxies.ts';

export interface ServerConfig {
  readonly listen: ListenConfig;
  /** Empty, or what stands before every path of ours: `/lamp`, without a slash at the end. */
  readonly basePath: string;
  readonly clusters: readonly ClusterConfig[];
  /** Null: only pasted tokens sign people in. */
  readonly oidc: OidcConfig | null;
  readonly sessions: SessionsConfig;
  readonly identity: IdentityConfig;
  /** Whether a trusted proxy's word is taken for who somebody is. */
  readonly proxyAuth: boolean;
  readonly identityHeaders: IdentityHeaders;
  /** Who may say, in `X-Forwarded-Proto` and in the identity headers, how a browser reached them and who sits there. */
  readonly trustedProxies: readonly ProxyRange[];
  readonly page: PageConfig;
  readonly metrics: boolean;
  readonly logLevel: LogLevel;
  /** Sentences for the log at the start. */
  readonly warnings: readonly string[];
}

export interface ListenConfig {
  readonly port: number;
  /** Empty: every address. */
  readonly address: string;
  /** PEM; null: plain http. */
  readonly tls: { readonly cert: string; readonly key: string } | null;
}

export interface ClusterConfig {
  readonly name: ClusterName;
  readonly upstream: Upstream;
  readonly namespace: string;
  readonly source: 'kubeconfig' | 'incluster';
  /** The kubeconfig's file name, without its folder; empty in a cluster. */
  readonly kubeconfigName: string;
  /** There while `name` is only a stand-in, because nobody named the cluster this server runs in: with this token it is asked for its own. */
  readonly askForName?: { readonly tokenFile: string };
}

export interface OidcConfig {
  readonly issuer: Issuer;
  readonly clientId: string;
  readonly authentication: ClientAuthentication;
  /** Beginning with `openid`, each once. */
  readonly scopes: readonly string[];
  /** Whether `offline_access` is asked for where the provider knows it. */
  readonly offlineAccess: boolean;
  readonly usePkce: boolean;
  /** Null: built from each request's Host. */
  readonly callbackUrl: string | null;
  /** The `aud` expected of the token that becomes the bearer; null: the client id for an ID token, anything for an access token. */
  readonly validatorClientId: string | null;
  /** The `iss` expected of the token that becomes the bearer; the discovery document's own is then not compared. */
  readonly validatorIssuer: Issuer | null;
  /** The access token becomes the bearer instead of the ID token. */
  readonly useAccessToken: boolean;
  readonly userinfo: 'auto' | 'always' | 'never';
  /** PEM that replaces the system's roots; null: the system's. */
  readonly ca: string | null;
  /** Anyone on the way can then sign in as anybody. */
  readonly skipTlsVerify: boolean;
}

export type ClientAuthentication =
  | { readonly method: 'none' }
  | { readonly method: 'client_secret_basic' | 'client_secret_post'; readonly secret: string }
  /** `privateKey`: PKCS #8, PEM. */
  | { readonly method: 'private_key_jwt'; readonly privateKey: string };

export interface SessionsConfig {
  readonly ttlSeconds: number;
  /** Null: no limit but `ttlSeconds`. */
  readonly idleTtlSeconds: number | null;
  readonly store: StoreConfig;
  /** The first seals logins in flight and makes the store's hashes; all are tried. Empty: a random one per start. */
  readonly keys: readonly Uint8Array[];
}

export type StoreConfig =
  | { readonly kind: 'memory' }
  | { readonly kind: 'file'; readonly path: string }
  /** `redis:`, `rediss:`; may hold a password. */
  | { readonly kind: 'redis'; readonly url: string };

/** JMESPath expressions, tried in order; the first that yields something wins. */
export interface IdentityConfig {
  readonly usernamePaths: readonly string[];
  readonly emailPaths: readonly string[];
  readonly groupsPaths: readonly string[];
  /** Handed on in `/me`. */
  readonly userInfoUrl: string;
}

/** Header names, lower case. What a client sends under them never reaches a cluster, whether `proxyAuth` is on or not. */
export interface IdentityHeaders {
  readonly username: string;
  readonly groups: string;
  readonly email: string;
  readonly token: string;
}

export interface PageConfig {
  /** Absolute; null: no page is served. */
  readonly staticDir: string | null;
  readonly autoLogin: boolean;
  readonly hideTokenLogin: boolean;
}
