import { join } from 'node:path';
import { parseClusterName } from '@lamplighter/auth-core';
import { expect, test } from 'vitest';
import { file, folder } from '../config/load.fixture.ts';
import type { ClusterConfig } from '../config/server-config.ts';
import { respondJson, startStubCluster } from '../testing/stub-cluster.ts';
import { nameClusters } from './name-in-cluster.ts';

const tokenFile = file('token', 'pod-token\n');

function clusterConfig(name: string, origin: string): ClusterConfig {
  const clusterName = parseClusterName(name);
  if (clusterName === undefined) throw new Error(`${name} is no cluster name`);
  const upstream = { origin, basePath: '', tls: { insecureSkipTlsVerify: false } };
  return { name: clusterName, upstream, namespace: '', source: 'incluster', kubeconfigName: '' };
}

function unnamed(url: string): ClusterConfig {
  return { ...clusterConfig('main', url), askForName: { tokenFile } };
}

const configMap = (clusterName: string) => ({
  data: { ClusterConfiguration: `kind: ClusterConfiguration\n${clusterName}` },
});

async function nameBy(status: number, body: object): Promise<string | undefined> {
  await using cluster = await startStubCluster();
  cluster.respond = (_, response) => respondJson(response, status, body);
  const [named] = await nameClusters([unnamed(cluster.url)]);
  expect(named).not.toHaveProperty('askForName');
  return named?.name;
}

test('the cluster is asked once for its kubeadm configuration, with the pod’s token', async () => {
  await using cluster = await startStubCluster();
  cluster.respond = (_, response) => respondJson(response, 200, configMap('clusterName: prod'));
  const named = await nameClusters([unnamed(cluster.url)]);
  expect(named).toEqual([clusterConfig('prod', cluster.url)]);
  expect(cluster.seen).toMatchObject([
    {
      method: 'GET',
      url: '/api/v1/namespaces/kube-system/configmaps/kubeadm-config',
      authorization: 'Bearer pod-token',
    },
  ]);
});

test.each<readonly [name: string, status: number, body: object]>([
  ['kubeadm’s own default', 200, configMap('clusterName: kubernetes')],
  ['no name', 200, configMap('networking: {}')],
  ['a blank name', 200, configMap('clusterName: "  "')],
  ['a name that is no text', 200, configMap('clusterName: [a]')],
  ['a name with a control character', 200, configMap('clusterName: "a\\e[2J"')],
  ['what is no YAML', 200, configMap('clusterName: [')],
  ['a ConfigMap without it', 200, { data: {} }],
  ['what is no ConfigMap', 200, []],
  ['no right to read it', 403, { kind: 'Status' }],
  ['no such ConfigMap', 404, { kind: 'Status' }],
])('%s leaves the name main', async (_, status, body) => {
  expect(await nameBy(status, body)).toBe('main');
});

test('a cluster that does not answer in time, or at all, leaves the name main', async () => {
  await using cluster = await startStubCluster();
  cluster.respond = () => undefined;
  expect((await nameClusters([unnamed(cluster.url)], 50)).map(({ name }) => name)).toEqual(['main']);
  expect(cluster.seen.length).toBe(1);
  expect((await nameClusters([unnamed('http://127.0.0.1:1')])).map(({ name }) => name)).toEqual(['main']);
});

test('without a token nobody is asked', async () => {
  await using cluster = await startStubCluster();
  const config = { ...unnamed(cluster.url), askForName: { tokenFile: join(folder, 'gone') } };
  expect((await nameClusters([config])).map(({ name }) => name)).toEqual(['main']);
  expect(cluster.seen).toEqual([]);
});

test('a cluster that has a name is not asked, and its name is not taken from it', async () => {
  await using cluster = await startStubCluster();
  cluster.respond = (_, response) => respondJson(response, 200, configMap('clusterName: prod'));
  const other = clusterConfig('prod', cluster.url);
  expect((await nameClusters([unnamed(cluster.url), other])).map(({ name }) => name)).toEqual(['main', 'prod']);
  expect(cluster.seen.length).toBe(1);
  expect(await nameClusters([other])).toEqual([other]);
  expect(cluster.seen.length).toBe(1);
});
