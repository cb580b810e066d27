/** Every flag there is: Headlamp's names and ours, what they take, and whether they have an effect. docs/config.md is checked against it. */
import { SILENT_FLAGS } from './silent-flags.ts';

export type FlagKind = 'boolean' | 'text' | 'integer';

export interface Flag {
  readonly name: string;
  readonly kind: FlagKind;
  /** As help prints it; an empty string is "nothing". */
  readonly fallback: string;
  /** Whether this version acts on it. A known flag without effect is accepted and named in one warning at the start. */
  readonly effective: boolean;
  readonly meaning: string;
  /** What people go without although they asked for it; only of flags that somebody relies on. It gets a warning of its own. */
  readonly lapse?: string;
}

/** Another name of a flag. */
export const ALIASES: ReadonlyMap<string, string> = new Map([['oidc-issuer-url', 'oidc-idp-issuer-url']]);

/** A flag that is refused, with the reason, because accepting it would only pretend. */
export const REFUSED: ReadonlyMap<string, string> = new Map([
  [
    'dev',
    'it would let every site read answers with a person’s credentials; run the page’s own development server instead',
  ],
]);

const EFFECTIVE_FLAGS: readonly (readonly [name: string, kind: FlagKind, fallback: string, meaning: string])[] = [
  [
    'kubeconfig',
    'text',
    '$KUBECONFIG, else ~/.kube/config',
    'Kubeconfig files, separated by colons; their contexts are the clusters offered. With `--in-cluster` only those given here.',
  ],
  [
    'in-cluster',
    'boolean',
    'false',
    'Offer the cluster this server runs in, as its pod knows it. People bring their own credentials; the pod’s opens nothing for them.',
  ],
  [
    'in-cluster-context-name',
    'text',
    '',
    'Name of that cluster. Empty: `clusterName` of the ConfigMap kube-system/kubeadm-config, asked for within 2 seconds, else `main`.',
  ],
  ['port', 'integer', '4466', 'Port to listen on; 0 takes a free one.'],
  [
    'listen-addr',
    'text',
    '',
    'Address to listen on; empty is every address. On a loopback address only local Host headers are answered.',
  ],
  ['tls-cert-path', 'text', '', 'PEM file of the certificate to serve https with, the ones above it behind it.'],
  ['tls-key-path', 'text', '', 'PEM file of that certificate’s private key, without a passphrase.'],
  ['base-url', 'text', '', 'Path everything is served below, as `/lamp`; a slash at the end is dropped.'],
  [
    'trusted-proxies',
    'text',
    'loopback',
    'Addresses or CIDR ranges, separated by commas, from which X-Forwarded-Proto counts, and with `--proxy-auth` the identity headers; `loopback` is this machine.',
  ],
  ['oidc-client-id', 'text', '', 'Client id at the OpenID Connect provider.'],
  [
    'oidc-client-secret',
    'text',
    '',
    'Client secret; empty for a public client. Prefer the file: arguments are visible to other processes.',
  ],
  ['oidc-client-secret-file', 'text', '', 'File that holds the client secret.'],
  [
    'oidc-auth-method',
    'text',
    '',
    'How the client proves itself: client_secret_basic (the default with a secret), client_secret_post, private_key_jwt or none (the default without).',
  ],
  ['oidc-private-key-file', 'text', '', 'PEM file (PKCS #8) of the key that private_key_jwt signs with.'],
  [
    'oidc-idp-issuer-url',
    'text',
    '',
    'Issuer URL of the provider, byte for byte as its discovery document writes it. Also `--oidc-issuer-url`.',
  ],
  ['oidc-scopes', 'text', 'profile,email', 'Scopes to ask for, separated by commas; `openid` is always asked for.'],
  [
    'oidc-offline-access',
    'boolean',
    'false',
    'Ask for `offline_access` where the provider knows it, so that it gives refresh tokens.',
  ],
  ['oidc-use-pkce', 'boolean', 'false', 'Use PKCE with S256. Recommended with every provider that knows it.'],
  [
    'oidc-use-access-token',
    'boolean',
    'false',
    'Send the cluster the access token instead of the ID token; it may be opaque.',
  ],
  [
    'oidc-validator-client-id',
    'text',
    '',
    'The `aud` expected of the token the cluster is sent; empty: the client id, and of an access token any.',
  ],
  [
    'oidc-validator-idp-issuer-url',
    'text',
    '',
    'The `iss` expected of the token the cluster is sent; the discovery document’s own issuer is then not compared.',
  ],
  [
    'oidc-userinfo',
    'text',
    'auto',
    'When the provider is asked for userinfo: auto (a name, email or groups are missing, or the access token is used), always or never.',
  ],
  [
    'oidc-callback-url',
    'text',
    '',
    'Full URL of /oidc-callback as registered at the provider, the base path included; empty builds it from each request’s Host.',
  ],
  ['oidc-ca-file', 'text', '', 'PEM bundle that replaces the system’s roots for calls to the provider.'],
  [
    'oidc-skip-tls-verify',
    'boolean',
    'false',
    'Do not check the provider’s certificate: anyone on the way can then sign in as anybody. `--oidc-ca-file` wins over it.',
  ],
  ['insecure-ssl', 'boolean', 'false', 'The same as `--oidc-skip-tls-verify`.'],
  ['oidc-use-cookie', 'boolean', 'false', 'Accepted and not needed: OIDC flags work here in and outside a cluster.'],
  [
    'me-username-path',
    'text',
    'preferred_username,upn,username,name',
    'JMESPath expressions into the claims, separated by commas; the first that yields a text is the name shown.',
  ],
  ['me-email-path', 'text', 'email', 'The same for the email address.'],
  [
    'me-groups-path',
    'text',
    'groups,realm_access.roles',
    'The same for the groups. A name with other signs goes in double quotes: `"cognito:groups"`.',
  ],
  ['me-user-info-url', 'text', '', 'Handed on to the page in /me as `userInfoURL`.'],
  [
    'proxy-auth',
    'boolean',
    'false',
    'Take the word of a proxy in front for who somebody is, from `--trusted-proxies` only; the proxy must strip these headers from what clients send.',
  ],
  ['proxy-auth-username-header', 'text', 'X-Forwarded-User', 'Header in which that proxy names the person.'],
  ['proxy-auth-group-header', 'text', 'X-Forwarded-Group', 'Header with the person’s groups, separated by commas.'],
  ['proxy-auth-email-header', 'text', 'X-Forwarded-Email', 'Header with the person’s email address.'],
  [
    'proxy-auth-token-header',
    'text',
    'X-Forwarded-Id-Token',
    'Header with the token the cluster is sent. Without one the other headers are for display only.',
  ],
  ['session-ttl', 'integer', '86400', 'Seconds after which a session ends, 1 to 31536000.'],
  [
    'session-idle-ttl',
    'integer',
    '',
    'Seconds without a request of the person’s after which a session ends, at most `--session-ttl`; empty: no such limit.',
  ],
  [
    'session-store',
    'text',
    'memory',
    'Where sessions live: `memory`, the path of a file, or the URL of a Redis or Valkey server (redis:, rediss:, valkey:, valkeys:), which several replicas can share.',
  ],
  [
    'session-key-file',
    'text',
    '',
    'File of base64 keys of 32 bytes, one a line: the first is used, the rest still count. Empty: a random key per start. Needed with Redis or Valkey.',
  ],
  ['html-static-dir', 'text', '', 'Folder of the web page to serve.'],
  ['auto-login', 'boolean', 'false', 'The page goes to the provider at once, without asking.'],
  ['hide-token-login', 'boolean', 'false', 'The page offers no sign-in with a token.'],
  ['metrics-enabled', 'boolean', 'false', 'Answer /metrics, in Prometheus’ format, to everyone who reaches the port.'],
  ['log-level', 'text', 'info', 'debug, info, warn or error.'],
  ['version', 'boolean', 'false', 'Print the version and end.'],
  ['help', 'boolean', 'false', 'Print this list and end.'],
];

export const FLAGS: readonly Flag[] = [
  ...EFFECTIVE_FLAGS.map(([name, kind, fallback, meaning]) => ({ name, kind, fallback, effective: true, meaning })),
  ...SILENT_FLAGS,
];

/** Names a person may write, each with the flag it stands for. */
export const FLAG_BY_NAME: ReadonlyMap<string, Flag> = new Map(
  FLAGS.flatMap((flag) => [
    [flag.name, flag] as const,
    ...[...ALIASES].filter(([, name]) => name === flag.name).map(([alias]) => [alias, flag] as const),
  ]),
);
