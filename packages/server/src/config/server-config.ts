/** What the server runs on, once everything was read and judged: nothing inside sees an undefined default or checks again. */
import type { ClusterName, Issuer } from '@lamplighter/auth-core';
import type { Upstream } from '@lamplighter/proxy';
import type { LogLevel } from './schema.ts';
import type { ProxyRange } from './trusted-proxies.ts';

export interface ServerConfig {
  readonly listen: { readonly port: number /** Empty: every address. */; readonly address: string };
  readonly clusters: readonly ClusterConfig[];
  /** Null: only pasted tokens sign people in. */
  readonly oidc: OidcConfig | null;
  readonly sessions: {
    readonly ttlSeconds: number;
    readonly store: StoreConfig;
    /** The first seals logins in flight, all open them. Empty: a random one per start. */
    readonly sealingKeys: readonly Uint8Array[];
  };
  /** Who may say, in `X-Forwarded-Proto`, how a browser reached them. */
  readonly trustedProxies: readonly ProxyRange[];
  readonly htmlStaticDir: string | null;
  readonly logLevel: LogLevel;
  /** Sentences for the log at the start. */
  readonly warnings: readonly string[];
}

export interface ClusterConfig {
  readonly name: ClusterName;
  readonly upstream: Upstream;
  readonly namespace: string;
  /** The kubeconfig's file name, without its folder. */
  readonly kubeconfigName: string;
}

export interface OidcConfig {
  readonly issuer: Issuer;
  readonly clientId: string;
  /** Null: a public client. */
  readonly clientSecret: string | null;
  /** Beginning with `openid`, each once. */
  readonly scopes: readonly string[];
  readonly usePkce: boolean;
  /** Null: built from each request's Host. */
  readonly callbackUrl: string | null;
  /** PEM that replaces the system's roots; null: the system's. */
  readonly ca: string | null;
}

export type StoreConfig = { readonly kind: 'memory' } | { readonly kind: 'file'; readonly path: string };
