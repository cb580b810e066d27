import { expect, test } from 'vitest';
import { configOf, load, problemsOf } from './load.fixture.ts';

const HEADER_FLAGS = ['username', 'group', 'email', 'token'].map((name) => `--proxy-auth-${name}-header`);

test('the names of a proxy’s headers are kept in lower case', () => {
  const argv = HEADER_FLAGS.map((flag, at) => `${flag}=X-Auth-Request-${at}`);
  expect(configOf(load(argv)).identityHeaders).toEqual({
    username: 'x-auth-request-0',
    groups: 'x-auth-request-1',
    email: 'x-auth-request-2',
    token: 'x-auth-request-3',
  });
});

test.each(
  [
    'Authorization',
    'Proxy-Authorization',
    'Cookie',
    'Host',
    'Origin',
    'X-Forwarded-Proto',
    'X_Forwarded_Proto',
    'Sec-Fetch-Site',
    'Sec-WebSocket-Protocol',
    'Lamplighter-Reason',
    'Audit-ID',
    'Content-Length',
    'Transfer-Encoding',
    'X Forwarded User',
    'X-Forwarded-User:',
    'X-Utilisateur-é',
  ].flatMap((name) => HEADER_FLAGS.map((flag) => [name, flag] as const)),
)('a header that means something else can name nobody: %s as %s', (name, flag) => {
  expect(problemsOf(load([`${flag}=${name}`]))).toEqual([
    expect.stringContaining(`${flag}: was given "${name}"; accepted: the name of a header`),
  ]);
});

test('a token cannot be read as a name: each header serves one purpose, however it is spelled', () => {
  expect(problemsOf(load(['--proxy-auth-token-header=X_FORWARDED-USER']))).toEqual([
    '--proxy-auth-token-header: is x_forwarded-user, which --proxy-auth-username-header is too; each needs a header of its own.',
  ]);
});

test('whose word is taken is said when nobody named a proxy', () => {
  expect(configOf(load(['--proxy-auth'])).proxyAuth).toBe(true);
  expect(configOf(load(['--proxy-auth'])).warnings).toEqual([expect.stringContaining('--trusted-proxies')]);
  expect(configOf(load(['--proxy-auth', '--trusted-proxies=10.0.0.0/8'])).warnings).toEqual([]);
  expect(configOf(load(['--proxy-auth=false'])).warnings).toEqual([]);
});

test.each([
  [
    'without --in-cluster',
    ['--unsafe-use-service-account-token'],
    ['--unsafe-use-service-account-token: is only accepted with --in-cluster.'],
  ],
  [
    'by its file alone',
    ['--service-account-token-path=/t'],
    [
      '--service-account-token-path: is only accepted with --in-cluster.',
      '--service-account-token-path: is only accepted with --unsafe-use-service-account-token.',
    ],
  ],
])('nobody acts with the pod’s own token: %s', (_, argv, said) => {
  expect(problemsOf(load(argv))).toEqual(said);
});

test('a page that would offer no way to sign in is warned about', () => {
  expect(configOf(load(['--hide-token-login'])).warnings).toEqual([
    expect.stringContaining('without any way to sign in'),
  ]);
  expect(configOf(load(['--hide-token-login', '--proxy-auth', '--trusted-proxies=10.0.0.1'])).warnings).toEqual([]);
});
