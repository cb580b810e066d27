import { describe, expect, test } from 'vitest';
import { environmentName } from './environment.ts';
import { FLAG_BY_NAME, FLAGS } from './flags.ts';
import { configOf, file, load, OIDC, problemsOf } from './load.fixture.ts';
import { type LoadedConfig, loadConfig } from './load.ts';

test('without a flag the defaults hold', () => {
  expect(configOf(load([]))).toEqual({
    listen: { port: 4466, address: '', tls: null },
    basePath: '',
    clusters: [
      {
        name: 'main',
        namespace: 'team',
        source: 'kubeconfig',
        kubeconfigName: 'good.yaml',
        upstream: {
          origin: 'https://10.0.0.1:6443',
          basePath: '/base',
          tls: { insecureSkipTlsVerify: false, serverName: 'api.example' },
        },
      },
    ],
    oidc: null,
    sessions: { ttlSeconds: 86_400, idleTtlSeconds: null, store: { kind: 'memory' }, keys: [] },
    identity: {
      usernamePaths: ['preferred_username', 'upn', 'username', 'name'],
      emailPaths: ['email'],
      groupsPaths: ['groups', 'realm_access.roles'],
      userInfoUrl: '',
    },
    proxyAuth: false,
    identityHeaders: {
      username: 'x-forwarded-user',
      groups: 'x-forwarded-group',
      email: 'x-forwarded-email',
      token: 'x-forwarded-id-token',
    },
    trustedProxies: [
      { address: '127.0.0.0', prefix: 8, family: 'ipv4' },
      { address: '::1', prefix: 128, family: 'ipv6' },
    ],
    page: { staticDir: null, autoLogin: false, hideTokenLogin: false },
    metrics: false,
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
    expect(configOf(load([...OIDC, '--oidc-client-secret', '-s3cret'])).oidc?.authentication).toMatchObject({
      secret: '-s3cret',
    });
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
    const { warnings } = configOf(load(['--enable-helm', '-app-name=x', '--sampling-rate', '0.5']));
    expect(warnings).toEqual(['Accepted, but without effect yet: --enable-helm, --app-name, --sampling-rate.']);
  });

  test.each([
    ['--skipped-kube-contexts=a', '--skipped-kube-contexts has no effect: every context'],
    ['--in-cluster-context-name=a', '--in-cluster-context-name has no effect without --in-cluster.'],
  ])('that somebody relies on and has no effect gets a warning of its own: %s', (flag, said) => {
    expect(configOf(load([flag])).warnings).toEqual([expect.stringContaining(said)]);
  });

  test('that is accepted for a chart’s sake and needs nothing is silent', () => {
    expect(configOf(load(['-oidc-use-cookie'])).warnings).toEqual([]);
  });

  test('about a provider, without one, is warned about', () => {
    const { warnings } = configOf(
      load(['--oidc-callback-url=https://lamp.example/oidc-callback', '--auto-login', '--oidc-use-pkce=false']),
    );
    expect(warnings).toEqual([
      'No provider is configured (--oidc-client-id, --oidc-issuer-url), so without effect: --oidc-callback-url, --auto-login.',
    ]);
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

test('what the page, the metrics and the names shown are told arrives', () => {
  const argv = ['-metrics-enabled', '-auto-login', '-hide-token-login', '-me-user-info-url=/oauth2/userinfo'];
  const paths = ['-me-username-path=upn', '-me-email-path', 'mail', '-me-groups-path="cognito:groups",groups'];
  expect(configOf(load([...OIDC, ...argv, ...paths]))).toMatchObject({
    metrics: true,
    page: { autoLogin: true, hideTokenLogin: true },
    identity: {
      usernamePaths: ['upn'],
      emailPaths: ['mail'],
      groupsPaths: ['"cognito:groups"', 'groups'],
      userInfoUrl: '/oauth2/userinfo',
    },
  });
});

test.each([
  'javascript:alert(1)',
  '//evil.example',
  '/\\\\evil.example',
  'http://idp.example/userinfo',
  'userinfo',
  '/a b',
])('the page is given no link that leads elsewhere or does something: %j', (url) => {
  expect(problemsOf(load([`--me-user-info-url=${url}`]))).toEqual([
    expect.stringMatching(/^--me-user-info-url: was given .*; accepted: a path that begins with one slash/),
  ]);
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
    /^--oidc-client-secret: was given \$\([A-Z_]+\), a variable/,
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
  expect(configOf(load([...OIDC, '--oidc-client-secret=a$(X)b'])).oidc?.authentication).toMatchObject({
    secret: 'a$(X)b',
  });
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

test('help and version are asked for with one dash or two', () => {
  for (const argv of [['-help'], ['--help'], ['--help', '--frob']]) expect(loadConfig(argv, {}).kind).toBe('help');
  for (const argv of [['-version'], ['--version']]) expect(loadConfig(argv, {}).kind).toBe('version');
});

test('no flag is listed twice', () => {
  expect(new Set(FLAGS.map(({ name }) => name)).size).toBe(FLAGS.length);
});
