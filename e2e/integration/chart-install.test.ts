import { execFile } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import {
  type ClusterClient,
  cacheFolderOf,
  clusterClient,
  createWorld,
  resolveParts,
  type StartedWorld,
} from '@lamplighter/testbed';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { repositoryRoot, scratchFolder } from './scratch.ts';

const run = promisify(execFile);
const chart = join(repositoryRoot, 'charts', 'lamplighter');
const casesFolder = join(chart, 'tests', 'cases');
const cases = readdirSync(casesFolder).map((file) => basename(file, '.yaml'));

let stack: AsyncDisposableStack;
let root: string;
let helm: string;
let world: StartedWorld;
let client: ClusterClient;

beforeAll(async () => {
  stack = new AsyncDisposableStack();
  root = stack.use(scratchFolder()).root;
  const context = { env: process.env, cacheFolder: cacheFolderOf(process.env), onEvent: () => undefined };
  helm = (await resolveParts(['helm'], context)).get('helm')?.path ?? '';
  const startTarget = async () => undefined;
  world = stack.use(await createWorld({ name: 'chart', root, onEvent: () => undefined, startTarget }).start());
  client = await clusterClient(world.world.kubeconfig);
});
afterAll(() => stack.disposeAsync());

/** Installs into a namespace of its own, where the API server warns of every pod that is not restricted. */
async function install(namespace: string, args: readonly string[]): Promise<{ stdout: string; stderr: string }> {
  const labels = { 'pod-security.kubernetes.io/warn': 'restricted' };
  await client.createAll([{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace, labels } }]);
  const env = { ...process.env, HELM_CACHE_HOME: root, HELM_CONFIG_HOME: root, HELM_DATA_HOME: root };
  const where = ['--kubeconfig', world.world.kubeconfig, '--namespace', namespace];
  return run(helm, ['install', 'lamplighter', chart, ...where, ...args], { env });
}

describe('a real cluster', () => {
  it.each(cases)('takes the chart with the values %s, and finds its pod restricted enough', async (name) => {
    const { stdout, stderr } = await install(name, ['--values', join(casesFolder, `${name}.yaml`)]);
    expect(stdout).toContain('STATUS: deployed');
    expect(stderr).not.toMatch(/warn|violate/i);
  });

  it('would say so if the pod were not restricted', async () => {
    const { stderr } = await install('loose', ['--set', 'securityContext.allowPrivilegeEscalation=true']);
    expect(stderr).toMatch(/would violate PodSecurity/);
  });

  it('is told how to reach it, and what its pod may do', async () => {
    const inside = await install('notes-inside', []);
    expect(inside.stdout).toContain('kubectl --namespace notes-inside port-forward service/lamplighter 8080:80');
    expect(inside.stdout).toContain('so with a token. The pod has no rights in the cluster.');
    const outside = await install('notes-outside', ['--values', join(casesFolder, 'base-url.yaml')]);
    expect(outside.stdout).toContain('https://tools.example.com/lamp/');
  });
});
