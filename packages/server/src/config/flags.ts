/** Every flag there is: Headlamp's names and ours, what they take, and whether they have an effect yet. docs/config.md is checked against it. */

export type FlagKind = 'boolean' | 'text' | 'integer';

export interface Flag {
  readonly name: string;
  readonly kind: FlagKind;
  /** As help prints it; an empty string is "nothing". */
  readonly fallback: string;
  /** Whether this version acts on it. A known flag without effect is accepted and named in one warning at the start. */
  readonly effective: boolean;
  readonly meaning: string;
  /** What people go without although they asked for it; only of flags that protect somebody. It gets a warning of its own. */
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

const PLAIN_HTTP = 'this server speaks plain http; put a proxy in front of it that speaks https';
const ANY_TOKEN = 'an ID token must be of --oidc-issuer-url and for --oidc-client-id';

/** The flags somebody relies on for protection, each with what holds instead. */
const LAPSES: ReadonlyMap<string, string> = new Map([
  ['tls-cert-path', PLAIN_HTTP],
  ['tls-key-path', PLAIN_HTTP],
  ['session-idle-ttl', 'a session that lies unused lasts as long as --session-ttl says'],
  ['proxy-auth', 'this server takes nobody’s word for who somebody is; people sign in here themselves'],
  ['skipped-kube-contexts', 'every context of the kubeconfig is offered; leave out of the file what nobody should see'],
  ['oidc-validator-client-id', ANY_TOKEN],
  ['oidc-validator-idp-issuer-url', ANY_TOKEN],
  ['hide-token-login', 'everybody may still sign in with a token'],
]);

export const FLAGS: readonly Flag[] = [
  works(
    'kubeconfig',
    'text',
    '$KUBECONFIG, else ~/.kube/config',
    'Kubeconfig files, separated by colons; their contexts are the clusters offered.',
  ),
  works('port', 'integer', '4466', 'Port to listen on; 0 takes a free one.'),
  works(
    'listen-addr',
    'text',
    '',
    'Address to listen on; empty is every address. On a loopback address only local Host headers are answered.',
  ),
  works('oidc-client-id', 'text', '', 'Client id at the OpenID Connect provider.'),
  works(
    'oidc-client-secret',
    'text',
    '',
    'Client secret; empty for a public client. Prefer the file: arguments are visible to other processes.',
  ),
  works('oidc-client-secret-file', 'text', '', 'File that holds the client secret.'),
  works(
    'oidc-idp-issuer-url',
    'text',
    '',
    'Issuer URL of the provider, byte for byte as its discovery document writes it. Also `--oidc-issuer-url`.',
  ),
  works(
    'oidc-scopes',
    'text',
    'profile,email',
    'Scopes to ask for, separated by commas; `openid` is always asked for.',
  ),
  works('oidc-use-pkce', 'boolean', 'false', 'Use PKCE with S256. Recommended with every provider that knows it.'),
  works(
    'oidc-callback-url',
    'text',
    '',
    'Full URL of /oidc-callback as registered at the provider; empty builds it from each request’s Host.',
  ),
  works('oidc-ca-file', 'text', '', 'PEM bundle that replaces the system’s roots for calls to the provider.'),
  works(
    'trusted-proxies',
    'text',
    'loopback',
    'Addresses or CIDR ranges, separated by commas, from which X-Forwarded-Proto counts; `loopback` is this machine.',
  ),
  works('session-ttl', 'integer', '86400', 'Seconds after which a session ends, 1 to 31536000.'),
  works('session-store', 'text', 'memory', 'Where sessions live: `memory` or the path of a file.'),
  works(
    'session-key-file',
    'text',
    '',
    'File of base64 keys of 32 bytes, one a line: the first seals logins in flight, the rest still open them. Empty: a random key per start.',
  ),
  works('html-static-dir', 'text', '', 'Folder of the web page to serve.'),
  works('log-level', 'text', 'info', 'debug, info, warn or error.'),
  works('version', 'boolean', 'false', 'Print the version and end.'),
  works('help', 'boolean', 'false', 'Print this list and end.'),
  ...known([
    ['in-cluster', 'boolean', 'false'],
    ['in-cluster-context-name', 'text', ''],
    ['oidc-validator-client-id', 'text', ''],
    ['oidc-validator-idp-issuer-url', 'text', ''],
    ['oidc-use-access-token', 'boolean', 'false'],
    ['oidc-use-cookie', 'boolean', 'false'],
    ['oidc-skip-tls-verify', 'boolean', 'false'],
    ['insecure-ssl', 'boolean', 'false'],
    ['me-username-path', 'text', 'preferred_username,upn,username,name'],
    ['me-email-path', 'text', 'email'],
    ['me-groups-path', 'text', 'groups,realm_access.roles'],
    ['me-user-info-url', 'text', ''],
    ['base-url', 'text', ''],
    ['proxy-auth', 'boolean', 'false'],
    ['proxy-auth-username-header', 'text', 'X-Forwarded-User'],
    ['proxy-auth-group-header', 'text', 'X-Forwarded-Group'],
    ['proxy-auth-email-header', 'text', 'X-Forwarded-Email'],
    ['proxy-auth-token-header', 'text', 'X-Forwarded-Id-Token'],
    ['unsafe-use-service-account-token', 'boolean', 'false'],
    ['service-account-token-path', 'text', ''],
    ['proxy-urls', 'text', ''],
    ['enable-helm', 'boolean', 'false'],
    ['enable-dynamic-clusters', 'boolean', 'false'],
    ['cache-enabled', 'boolean', 'false'],
    ['tls-cert-path', 'text', ''],
    ['tls-key-path', 'text', ''],
    ['app-name', 'text', 'Headlamp'],
    ['no-browser', 'boolean', 'false'],
    ['allow-kubeconfig-changes', 'boolean', 'false'],
    ['watch-plugins-changes', 'boolean', 'true'],
    ['kubeconfig-dir', 'text', ''],
    ['skipped-kube-contexts', 'text', ''],
    ['plugins-dir', 'text', ''],
    ['user-plugins-dir', 'text', ''],
    ['pod-debug-image', 'text', ''],
    ['node-shell-image', 'text', ''],
    ['node-shell-namespace', 'text', ''],
    ['enable-cluster-inventory', 'boolean', 'false'],
    ['cluster-inventory-provider-file', 'text', ''],
    ['cluster-inventory-label-selector', 'text', ''],
    ['cluster-inventory-namespaces', 'text', ''],
    ['cluster-inventory-root-reconcile-interval', 'text', ''],
    ['cluster-inventory-no-crd-cache-ttl', 'text', ''],
    ['default-light-theme', 'text', ''],
    ['default-dark-theme', 'text', ''],
    ['force-theme', 'text', ''],
    ['service-name', 'text', 'headlamp'],
    ['service-version', 'text', ''],
    ['tracing-enabled', 'boolean', 'false'],
    ['metrics-enabled', 'boolean', 'false'],
    ['otlp-endpoint', 'text', 'localhost:4317'],
    ['use-otlp-http', 'boolean', 'false'],
    ['stdout-trace-enabled', 'boolean', 'false'],
    ['sampling-rate', 'text', '1.0'],
  ]),
  ...known([
    ['session-idle-ttl', 'text', ''],
    ['oidc-auth-method', 'text', ''],
    ['oidc-private-key-file', 'text', ''],
    ['oidc-offline-access', 'boolean', 'false'],
    ['auto-login', 'boolean', 'false'],
    ['hide-token-login', 'boolean', 'false'],
  ]),
];

/** Names a person may write, each with the flag it stands for. */
export const FLAG_BY_NAME: ReadonlyMap<string, Flag> = new Map(
  FLAGS.flatMap((flag) => [
    [flag.name, flag] as const,
    ...[...ALIASES].filter(([, name]) => name === flag.name).map(([alias]) => [alias, flag] as const),
  ]),
);

function works(name: string, kind: FlagKind, fallback: string, meaning: string): Flag {
  return { name, kind, fallback, effective: true, meaning };
}

function known(flags: readonly (readonly [name: string, kind: FlagKind, fallback: string])[]): readonly Flag[] {
  const meaning = 'Accepted; no effect yet.';
  return flags.map(([name, kind, fallback]) => {
    const lapse = LAPSES.get(name);
    return { name, kind, fallback, effective: false, meaning, ...(lapse === undefined ? {} : { lapse }) };
  });
}
