import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rootCertificates } from 'node:tls';
import { afterAll, describe, expect, test } from 'vitest';
import { environmentName } from './environment.ts';
import { FLAG_BY_NAME, FLAGS } from './flags.ts';
import { type LoadedConfig, loadConfig } from './load.ts';
import type { ServerConfig } from './server-config.ts';

const folder = mkdtempSync(join(tmpdir(), 'lamplighter-config-'));
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

const kubeconfig = file(
  'good.yaml',
  `
clusters: [{name: c, cluster: {server: "https://10.0.0.1:6443/base/", tls-server-name: api.example}}]
users: [{name: u, user: {token: kubeconfig-s3cret}}]
contexts: [{name: main, context: {cluster: c, user: u, namespace: team}}]
`,
);
const key = file('keys', `${randomBytes(32).toString('base64')}\n${randomBytes(32).toString('base64')}\n`);
const OIDC = ['--oidc-client-id=lamp', '--oidc-issuer-url=https://idp.example/'];

const load = (argv: readonly string[], environment: Record<string, string> = {}): LoadedConfig =>
  loadConfig(['--kubeconfig', kubeconfig, ...argv], environment);

function configOf(loaded: LoadedConfig): ServerConfig {
  if (loaded.kind !== 'config') throw new Error(JSON.stringify(loaded));
  return loaded.config;
}

function problemsOf(loaded: LoadedConfig): readonly string[] {
  return loaded.kind === 'problems' ? loaded.problems : [];
}

test('without a flag the defaults hold', () => {
  expect(configOf(load([]))).toEqual({
    listen: { port: 4466, address: '' },
    clusters: [
      {
        name: 'main',
        namespace: 'team',
        kubeconfigName: 'good.yaml',
        upstream: {
          origin: 'https://10.0.0.1:6443',
          basePath: '/base',
          tls: { insecureSkipTlsVerify: false, serverName: 'api.example' },
        },
      },
    ],
    oidc: null,
    sessions: { ttlSeconds: 86_400, store: { kind: 'memory' }, sealingKeys: [] },
    trustedProxies: [
      { address: '127.0.0.0', prefix: 8, family: 'ipv4' },
      { address: '::1', prefix: 128, family: 'ipv6' },
    ],
    htmlStaticDir: null,
    logLevel: 'info',
    warnings: [],
  });
});

test('the credentials of a kubeconfig go nowhere', () => {
  expect(JSON.stringify(configOf(load([])))).not.toContain('s3cret');
});

describe('a flag', () => {
  test.each(['--session-ttl=60', '-session-ttl=60', '--session-ttl 60', '-session-ttl 60'])(
    'may be written %s',
    (written) => {
      expect(configOf(load(written.split(' '))).sessions.ttlSeconds).toBe(60);
    },
  );

  test.each([
    ['-oidc-use-pkce', true],
    ['--oidc-use-pkce', true],
    ['-oidc-use-pkce=true', true],
    ['--oidc-use-pkce=TRUE', true],
    ['--oidc-use-pkce=1', true],
    ['--oidc-use-pkce=false', false],
    ['--oidc-use-pkce=F', false],
  ])('of a yes or no: %s', (written, value) => {
    expect(configOf(load([...OIDC, written])).oidc?.usePkce).toBe(value);
  });

  test('given twice: the last one wins, as in Go', () => {
    expect(configOf(load(['--session-ttl=60', '--session-ttl=70'])).sessions.ttlSeconds).toBe(70);
  });

  test('takes the next word even when it begins with a dash', () => {
    expect(configOf(load([...OIDC, '--oidc-client-secret', '-s3cret'])).oidc?.clientSecret).toBe('-s3cret');
  });

  test('wins over LAMPLIGHTER_, which wins over HEADLAMP_CONFIG_', () => {
    const headlamp = { HEADLAMP_CONFIG_SESSION_TTL: '1' };
    const both = { ...headlamp, LAMPLIGHTER_SESSION_TTL: '2' };
    expect(configOf(load([], headlamp)).sessions.ttlSeconds).toBe(1);
    expect(configOf(load([], both)).sessions.ttlSeconds).toBe(2);
    expect(configOf(load(['--session-ttl=3'], both)).sessions.ttlSeconds).toBe(3);
  });

  test.each([...FLAG_BY_NAME])('--%s is known, also from both environments', (name, flag) => {
    const value = { boolean: 'false', integer: '7', text: 'x' }[flag.kind];
    const unknown = (loaded: LoadedConfig) => problemsOf(loaded).filter((problem) => problem.includes('is not a flag'));
    expect(unknown(load([`--${name}=${value}`]))).toEqual([]);
    expect(unknown(load([`-${name}=${value}`]))).toEqual([]);
    for (const prefix of ['LAMPLIGHTER_', 'HEADLAMP_CONFIG_'])
      expect(unknown(load([], { [prefix + environmentName(name)]: value }))).toEqual([]);
  });

  test('without effect yet is named in one warning', () => {
    const { warnings } = configOf(load(['--enable-helm', '-base-url=/x', '--sampling-rate', '0.5']));
    expect(warnings).toEqual(['Accepted, but without effect yet: --base-url, --enable-helm, --sampling-rate.']);
  });

  test.each([
    ['--tls-cert-path=/x', '--tls-cert-path has no effect yet: this server speaks plain http;'],
    ['--session-idle-ttl=600', '--session-idle-ttl has no effect yet: a session that lies unused lasts'],
    ['--proxy-auth', '--proxy-auth has no effect yet: this server takes nobody’s word'],
    ['--skipped-kube-contexts=a', '--skipped-kube-contexts has no effect yet: every context'],
  ])('that protects somebody and has no effect yet gets a warning of its own: %s', (flag, said) => {
    expect(configOf(load([flag])).warnings).toEqual([expect.stringContaining(said)]);
  });

  test('that would protect somebody, turned off, is no lapse', () => {
    expect(configOf(load(['--proxy-auth=false'])).warnings).toEqual([
      'Accepted, but without effect yet: --proxy-auth.',
    ]);
  });

  test('of a redirect URI without a provider is warned about', () => {
    const { warnings } = configOf(load(['--oidc-callback-url=https://lamp.example/oidc-callback']));
    expect(warnings).toEqual([expect.stringContaining('--oidc-callback-url has no effect: no provider is configured')]);
  });

  test('of trusted proxies takes addresses and ranges', () => {
    expect(configOf(load(['--trusted-proxies=10.0.0.0/8, 192.0.2.1'])).trustedProxies).toEqual([
      { address: '10.0.0.0', prefix: 8, family: 'ipv4' },
      { address: '192.0.2.1', prefix: 32, family: 'ipv4' },
    ]);
  });

  test('of a chart that left it empty counts as not given', () => {
    expect(
      configOf(
        load([
          '-oidc-client-id=',
          '-oidc-idp-issuer-url=',
          '-oidc-callback-url=',
          '-html-static-dir=',
          '-session-store=',
        ]),
      ).oidc,
    ).toBeNull();
  });
});

test.each([
  ['profile,email', ['openid', 'profile', 'email']],
  ['', ['openid']],
  [' openid , email ,, email ', ['openid', 'email']],
  ['groups', ['openid', 'groups']],
])('scopes %j become %j', (list, scopes) => {
  expect(configOf(load([...OIDC, `--oidc-scopes=${list}`])).oidc?.scopes).toEqual(scopes);
});

test('the issuer is kept byte for byte, under both of its names', () => {
  expect(configOf(load(OIDC)).oidc?.issuer).toBe('https://idp.example/');
  expect(configOf(load(['--oidc-client-id=lamp', '-oidc-idp-issuer-url', 'https://IDP.example'])).oidc?.issuer).toBe(
    'https://IDP.example',
  );
  expect(
    configOf(load(['--oidc-client-id=lamp'], { HEADLAMP_CONFIG_OIDC_IDP_ISSUER_URL: 'https://a.example' })).oidc
      ?.issuer,
  ).toBe('https://a.example');
  expect(
    configOf(load(['--oidc-client-id=lamp'], { LAMPLIGHTER_OIDC_ISSUER_URL: 'https://b.example' })).oidc?.issuer,
  ).toBe('https://b.example');
});

test('a secret may come from a file, without the line break at its end', () => {
  const path = file('secret', 's3cret \n');
  expect(configOf(load([...OIDC, '--oidc-client-secret-file', path])).oidc?.clientSecret).toBe('s3cret ');
});

test('keys come from a file, the first one first', () => {
  expect(configOf(load(['--session-key-file', key])).sessions.sealingKeys.map(({ length }) => length)).toEqual([
    32, 32,
  ]);
});

const NOT_PEM = file('not.pem', 'no certificate');
const BAD: readonly (readonly [name: string, argv: readonly string[], said: RegExp])[] = [
  ['an unknown flag', ['--frobnicate=1'], /^--frobnicate: is not a flag/],
  ['a mistyped flag', ['--oidc-client-idd=1'], /--oidc-client-idd: .*Did you mean `--oidc-client-id`\?/],
  ['Headlamp’s dev mode', ['--dev'], /^--dev: is not offered/],
  ['a word that is no flag', ['list-plugins'], /^argument 3: is not a flag/],
  ['a yes or no with its value as next word', ['--oidc-use-pkce', 'true'], /^argument 4: .*`--name=true`/],
  ['a missing value', ['--port'], /^--port: needs a value/],
  [
    'a yes or no of another word',
    ['--oidc-use-pkce=yes'],
    /^--oidc-use-pkce: was given "yes"; accepted: true or false/,
  ],
  [
    'an unresolved variable',
    ['--oidc-use-pkce=$(OIDC_USE_PKCE)'],
    /^--oidc-use-pkce: was given \$\(OIDC_USE_PKCE\), a variable nobody filled in/,
  ],
  ['a bad value of a flag without effect', ['--enable-helm=perhaps'], /^--enable-helm: was given "perhaps"/],
  [
    'a session of no time',
    ['--session-ttl=0'],
    /^--session-ttl: was given "0"; accepted: a whole number of seconds from 1 to 31536000/,
  ],
  ['a session of more than a year', ['--session-ttl=31536001'], /31536000/],
  ['a session of a negative time', ['--session-ttl=-5'], /31536000/],
  ['a session of half a second', ['--session-ttl=1.5'], /31536000/],
  ['an empty session time', ['--session-ttl='], /was given nothing/],
  ['a port past the last', ['--port=65536'], /from 0 to 65535/],
  ['a listen address that is a name', ['--listen-addr=lamp.example'], /^--listen-addr: .*an IP address/],
  ['a client without an issuer', ['--oidc-client-id=a'], /^--oidc-idp-issuer-url: is missing/],
  ['an issuer without a client', ['--oidc-issuer-url=https://a.example'], /^--oidc-client-id: is missing/],
  ['a secret without a client', ['--oidc-client-secret=abc'], /^--oidc-client-secret: is of no use/],
  [
    'an issuer that is no URL',
    ['--oidc-client-id=a', '--oidc-issuer-url=idp'],
    /^--oidc-issuer-url: was given "idp"; accepted: an https URL/,
  ],
  [
    'an issuer over plain http',
    ['--oidc-client-id=a', '--oidc-issuer-url=http://idp.example'],
    /accepted: an https URL/,
  ],
  [
    'an issuer with a query',
    ['--oidc-client-id=a', '--oidc-issuer-url=https://idp.example?a=1'],
    /accepted: an https URL/,
  ],
  [
    'a callback URL of another spelling',
    [...OIDC, '--oidc-callback-url=https://Lamp.example:443/oidc-callback'],
    /spelled https:\/\/lamp\.example\/oidc-callback/,
  ],
  ['a callback URL that is a path', [...OIDC, '--oidc-callback-url=/oidc-callback'], /the full https URL/],
  [
    'a callback URL of another path',
    [...OIDC, '--oidc-callback-url=https://lamp.example/callback'],
    /accepted: the full https URL of \/oidc-callback as registered at the provider \(http only for a loopback host\)\.$/,
  ],
  [
    'a callback URL with a line break',
    [...OIDC, '--oidc-callback-url=https://lamp.example/\n/oidc-callback'],
    /the full https/,
  ],
  ['a proxy by name', ['--trusted-proxies=proxy.example'], /^--trusted-proxies: .*addresses or CIDR ranges/],
  [
    'a secret that is a placeholder',
    [...OIDC, '--oidc-client-secret=$(SECRET)'],
    /^--oidc-client-secret: was given `\$\(…\)`, a variable/,
  ],
  ['a scope with a quote', [...OIDC, '--oidc-scopes=a"b'], /^--oidc-scopes: .*scope names/],
  [
    'a CA file that is missing',
    [...OIDC, '--oidc-ca-file=/nowhere/ca.pem'],
    /^--oidc-ca-file: names \/nowhere\/ca\.pem, which does not exist/,
  ],
  ['a CA file that is none', [...OIDC, `--oidc-ca-file=${NOT_PEM}`], /not a PEM bundle/],
  ['two secrets', [...OIDC, '--oidc-client-secret=a', `--oidc-client-secret-file=${NOT_PEM}`], /keep one/],
  ['an empty secret file', [...OIDC, `--oidc-client-secret-file=${file('empty', '')}`], /holds no secret/],
  ['a Redis store', ['--session-store=redis://r:6379'], /^--session-store: .*not built yet/],
  ['a key file that is none', [`--session-key-file=${NOT_PEM}`], /^--session-key-file: .*32 bytes in base64/],
  [
    'a page folder that is missing',
    ['--html-static-dir=/nowhere'],
    /^--html-static-dir: names \/nowhere, which does not exist/,
  ],
  ['a page folder that is a file', [`--html-static-dir=${NOT_PEM}`], /which is not a folder/],
  [
    'a log level nobody knows',
    ['--log-level=loud'],
    /^--log-level: was given "loud"; accepted: debug, info, warn, error/,
  ],
];

test.each(BAD)('%s is one sentence that names it', (_, argv, said) => {
  const problems = problemsOf(load(argv));
  expect(problems.length).toBe(1);
  expect(problems[0]).toMatch(said);
});

test('all mistakes are told together', () => {
  expect(
    problemsOf(load(['--frob', '--port=x', '--session-ttl=0', '--log-level=loud', '--enable-helm=maybe'])).length,
  ).toBe(5);
  expect(
    problemsOf(
      loadConfig(['--kubeconfig=/nowhere', ...OIDC, '--oidc-ca-file=/nowhere', '--session-key-file=/nowhere'], {}),
    ).length,
  ).toBeGreaterThanOrEqual(3);
});

test('a mistake names the environment variable it came from', () => {
  expect(problemsOf(load([], { HEADLAMP_CONFIG_SESSION_TTL: 'x' }))).toEqual([
    expect.stringMatching(/^HEADLAMP_CONFIG_SESSION_TTL: was given "x"/),
  ]);
});

test('a secret is never repeated, not even beside an unknown flag', () => {
  for (const argv of [
    ['--oidc-client-secret=s3cret$(X)'],
    ['--oidc-client-secert', 's3cret'],
    ['s3cret'],
    ['--oidc-client-secret=s3cret'],
  ]) {
    expect(problemsOf(load(argv)).length).toBeGreaterThan(0);
    expect(problemsOf(load(argv)).join()).not.toContain('s3cret');
  }
});

test('a secret that holds what looks like a placeholder is a secret', () => {
  expect(configOf(load([...OIDC, '--oidc-client-secret=a$(X)b'])).oidc?.clientSecret).toBe('a$(X)b');
});

test.each(['https://ada:p4ss@idp.example', 'https://ada:p4/s@s@idp.example?x', 'ada:p4ss@idp'])(
  'a name and password in a URL are not repeated: %s',
  (url) => {
    const [problem = ''] = problemsOf(load(['--oidc-client-id=a', `--oidc-issuer-url=${url}`]));
    expect(problem).toContain('…@idp');
    expect(problem).not.toMatch(/ada|p4/);
  },
);

test('what a name does to a terminal is written out, not done', () => {
  const evil = 'clusters: []\ncontexts: [{name: "a\\e[2J\\u202eb", context: {cluster: "\\e[31m"}}]';
  const problems = [
    ...problemsOf(loadConfig(['--kubeconfig', file('evil.yaml', evil)], {})),
    ...problemsOf(load(['--\u001b[31mred', '--log-level=\u001b[1m'])),
  ];
  expect(problems.length).toBe(3);
  expect(problems.join('')).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  expect(problems.join('')).toContain('\\u{1b}[31mred');
});

describe('a kubeconfig', () => {
  const cluster = (more: string): string => `
clusters: [{name: c, cluster: {server: "https://a:1"${more}}}]
contexts: [{name: main, context: {cluster: c}}]`;
  const { publicKey } = generateKeyPairSync('ed25519');
  const notCertificate = Buffer.from(publicKey.export({ type: 'spki', format: 'pem' })).toString('base64');

  test.each<readonly [name: string, content: string | null, said: RegExp]>([
    ['is missing', null, /does not exist/],
    ['is no YAML', 'a: [token: s3cret', /is not YAML/],
    ['is a list', '- s3cret', /is not a kubeconfig/],
    ['has no contexts', 'clusters: []', /holds no context/],
    ['is empty', '', /is not a kubeconfig|holds no context/],
    [
      'names a missing cluster',
      'contexts: [{name: main, context: {cluster: gone}}]',
      /the context "main" .* names the cluster "gone", but there is no such cluster/,
    ],
    [
      'has a server that is no URL',
      'clusters: [{name: c, cluster: {server: nope}}]\ncontexts: [{name: m, context: {cluster: c}}]',
      /its server is not a URL/,
    ],
    [
      'has CA data that are none',
      cluster(', certificate-authority-data: bm90IHBlbQ=='),
      /certificate-authority-data is not a readable PEM certificate/,
    ],
    ['has a key as CA', cluster(`, certificate-authority-data: ${notCertificate}`), /not a readable PEM certificate/],
    [
      'has a CA file that is missing',
      cluster(', certificate-authority: gone.pem'),
      /certificate-authority gone\.pem is not a readable/,
    ],
    ['holds a user name in its server', cluster('').replace('a:1', 'ada@a:1'), /holds a user name or a password/],
    ['holds a password in its server', cluster('').replace('a:1', ':s3cret@a:1'), /holds a user name or a password/],
    ['holds both in its server', cluster('').replace('a:1', 'ada:s3cret@a:1'), /holds a user name or a password/],
    ['holds a query in its server', cluster('').replace('a:1', 'a:1/?token=s3cret'), /holds a query or a fragment/],
    ['holds a fragment in its server', cluster('').replace('a:1', 'a:1/#s3cret'), /holds a query or a fragment/],
    ['has a context without a name', cluster('').replace('name: main', 'name: " "'), /has a name that is blank/],
  ])('that %s is one sentence that names the file', (name, content, said) => {
    const path = content === null ? join(folder, 'gone.yaml') : file(`${name}.yaml`, content);
    const problems = problemsOf(loadConfig(['--kubeconfig', path], {}));
    expect(problems.length).toBe(1);
    expect(problems[0]).toMatch(said);
    expect(problems[0]).toContain(path);
    expect(problems[0]).not.toContain('s3cret');
  });

  const origins = (loaded: LoadedConfig) => configOf(loaded).clusters.map(({ upstream }) => upstream.origin);

  test('that is a folder says so', () => {
    expect(problemsOf(loadConfig(['--kubeconfig', folder], {}))[0]).toContain('is a folder');
  });

  test('of two files with one context: the first file’s counts', () => {
    const second = file('second.yaml', cluster('').replace('https://a:1', 'https://second:1'));
    expect(origins(loadConfig(['--kubeconfig', `${kubeconfig}:${second}`], {}))).toEqual(['https://10.0.0.1:6443']);
    expect(origins(loadConfig([], { KUBECONFIG: second }))).toEqual(['https://second:1']);
  });

  test('of a list may name a cluster of another file, whose paths count from its own folder', () => {
    mkdirSync(join(folder, 'ca'), { recursive: true });
    writeFileSync(join(folder, 'ca', 'ca.pem'), rootCertificates[0] ?? '');
    const clusters = file(
      'ca/clusters.yaml',
      'clusters: [{name: c, cluster: {server: "https://a:1", certificate-authority: ca.pem}}]',
    );
    const contexts = file('contexts.yaml', 'contexts: [{name: main, context: {cluster: c}}]');
    for (const list of [`${clusters}:${contexts}`, `${contexts}:${clusters}`]) {
      const loaded = configOf(loadConfig([], { KUBECONFIG: list }));
      expect(loaded.clusters).toMatchObject([{ name: 'main', kubeconfigName: 'contexts.yaml' }]);
      expect(loaded.clusters[0]?.upstream.tls.ca).toContain('BEGIN CERTIFICATE');
    }
  });

  test('of a list that is missing is passed over with a warning, unless it is the only one', () => {
    const { clusters, warnings } = configOf(loadConfig([], { KUBECONFIG: `${folder}/gone:${kubeconfig}` }));
    expect(clusters.length).toBe(1);
    expect(warnings).toEqual([`${folder}/gone does not exist. It is passed over.`]);
    expect(problemsOf(loadConfig([], { KUBECONFIG: `${folder}/gone` }))).toEqual([
      `--kubeconfig: ${folder}/gone does not exist.`,
    ]);
  });

  test('with a stale context offers the others, and warns', () => {
    const stale = `${cluster('').replace('}}]', '}}, {name: noServer, cluster: {}}]')}
  - {name: old, context: {cluster: gone}}
  - {name: bare, context: {cluster: noServer}}`.replace(
      'contexts: [{name: main, context: {cluster: c}}]',
      'contexts:\n  - {name: main, context: {cluster: c}}',
    );
    const { clusters, warnings } = configOf(loadConfig(['--kubeconfig', file('stale.yaml', stale)], {}));
    expect(clusters.map(({ name }) => name)).toEqual(['main']);
    expect(warnings).toEqual([
      expect.stringMatching(/the context "old" .* there is no such cluster\. It is left out\.$/),
      expect.stringMatching(/the context "bare" .* its server is not a URL\. It is left out\.$/),
    ]);
  });

  test('that turns certificate checks off is obeyed, and warned about', () => {
    const { clusters, warnings } = configOf(
      loadConfig(['--kubeconfig', file('skip.yaml', cluster(', insecure-skip-tls-verify: true'))], {}),
    );
    expect(clusters[0]?.upstream.tls.insecureSkipTlsVerify).toBe(true);
    expect(warnings[0]).toContain('is not checked');
  });
});

test('help and version are asked for with one dash or two', () => {
  for (const argv of [['-help'], ['--help'], ['--help', '--frob']]) expect(loadConfig(argv, {}).kind).toBe('help');
  for (const argv of [['-version'], ['--version']]) expect(loadConfig(argv, {}).kind).toBe('version');
});

test('no flag is listed twice', () => {
  expect(new Set(FLAGS.map(({ name }) => name)).size).toBe(FLAGS.length);
});
