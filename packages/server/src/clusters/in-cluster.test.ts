import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { rootCertificates } from 'node:tls';
import { expect, test } from 'vitest';
import { configOf, file, folder, kubeconfig, problemsOf } from '../config/load.fixture.ts';
import { type LoadedConfig, loadConfig } from '../config/load.ts';
import type { ClusterConfig } from '../config/server-config.ts';

const POD = { KUBERNETES_SERVICE_HOST: '10.96.0.1', KUBERNETES_SERVICE_PORT: '443' };
const CA = rootCertificates[0] ?? '';
mkdirSync(join(folder, 'pod'));
mkdirSync(join(folder, 'bare'));
file('pod/ca.crt', CA);
file('pod/namespace', 'lamp-system\n');
file('pod/token', 'pod-s3cret\n');
const serviceAccountFolder = join(folder, 'pod');

function load(argv: readonly string[] = [], environment: Record<string, string> = POD): LoadedConfig {
  return loadConfig(['--in-cluster', ...argv], environment, { serviceAccountFolder });
}

function clustersOf(argv: readonly string[] = [], environment: Record<string, string> = POD): readonly ClusterConfig[] {
  return configOf(load(argv, environment)).clusters;
}

test('the cluster of the pod is offered as the pod knows it, and no other', () => {
  expect(clustersOf(['--in-cluster-context-name=prod'], { ...POD, KUBECONFIG: kubeconfig })).toEqual([
    {
      name: 'prod',
      upstream: { origin: 'https://10.96.0.1', basePath: '', tls: { insecureSkipTlsVerify: false, ca: CA } },
      namespace: 'lamp-system',
      source: 'incluster',
      kubeconfigName: '',
    },
  ]);
});

test('without a name it has a stand-in until it is asked, and only the place of the pod’s token is kept', () => {
  const [cluster] = clustersOf();
  expect(cluster).toMatchObject({ name: 'main', askForName: { tokenFile: join(serviceAccountFolder, 'token') } });
  expect(JSON.stringify(configOf(load()))).not.toContain('s3cret');
});

test.each([
  ['fd00::1', '6443', 'https://[fd00::1]:6443'],
  ['10.96.0.1', '6443', 'https://10.96.0.1:6443'],
  ['kubernetes.default.svc', '443', 'https://kubernetes.default.svc'],
])('the address %s and the port %s are %s', (host, port, origin) => {
  const [cluster] = clustersOf([], { KUBERNETES_SERVICE_HOST: host, KUBERNETES_SERVICE_PORT: port });
  expect(cluster?.upstream.origin).toBe(origin);
});

test.each([
  ['no host', { KUBERNETES_SERVICE_PORT: '443' }],
  ['no port', { KUBERNETES_SERVICE_HOST: '10.96.0.1' }],
  ['an empty host', { ...POD, KUBERNETES_SERVICE_HOST: '' }],
  ['a port that is none', { ...POD, KUBERNETES_SERVICE_PORT: '443/x' }],
  ['a port past the last', { ...POD, KUBERNETES_SERVICE_PORT: '70000' }],
  ['a host with a user name', { ...POD, KUBERNETES_SERVICE_HOST: 'a@10.96.0.1' }],
])('%s is one sentence', (_, environment) => {
  expect(problemsOf(load([], environment))).toEqual([
    expect.stringMatching(/^--in-cluster: needs KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT/),
  ]);
});

test('a pod without its cluster’s certificate is told so', () => {
  const bare = loadConfig(['--in-cluster'], POD, { serviceAccountFolder: join(folder, 'bare') });
  expect(problemsOf(bare)).toEqual([
    `--in-cluster: needs ${join(folder, 'bare', 'ca.crt')}, which does not exist; is automountServiceAccountToken off for this pod?`,
  ]);
});

test('a kubeconfig counts in a cluster when it is named, after the pod’s own', () => {
  const argv = ['--kubeconfig', kubeconfig];
  expect(clustersOf([...argv, '--in-cluster-context-name=own']).map(({ name }) => name)).toEqual(['own', 'main']);
  for (const names of [argv, [...argv, '--in-cluster-context-name=main']]) {
    expect(problemsOf(load(names))).toEqual([
      '--in-cluster-context-name: must be another name: a context of the kubeconfig is called "main" too.',
    ]);
  }
});

test('the pod’s own credential opens nothing for anybody, also when somebody asks for it', () => {
  const flags = ['--unsafe-use-service-account-token', '--service-account-token-path=/var/run/token'];
  const said = 'has no effect: nobody acts with this server’s own credential; people sign in with theirs.';
  expect(configOf(load(flags)).warnings).toEqual(flags.map((flag) => `${flag.split('=')[0]} ${said}`));
  expect(problemsOf(load(['--service-account-token-path=/t']))).toEqual([
    '--service-account-token-path: is only accepted with --unsafe-use-service-account-token.',
  ]);
});
