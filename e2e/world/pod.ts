/** Owns reading a rendered Deployment as kubelet does: a container's environment, its arguments, what is mounted into it. */
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import type { Mount } from './private-mounts.ts';

/** By object name, then by key. */
export type Contents = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** What is in the cluster beside the chart. */
export interface Surroundings {
  readonly secrets: Contents;
  readonly configMaps: Contents;
  readonly namespace: string;
}

interface KeyRef {
  readonly name: string;
  readonly key: string;
}
interface Item {
  readonly key: string;
  readonly path: string;
}
interface EnvEntry {
  readonly name: string;
  readonly value?: unknown;
  readonly valueFrom?: { readonly secretKeyRef: KeyRef };
}
interface Source {
  readonly configMap?: { readonly name: string; readonly items: readonly Item[] };
  readonly downwardAPI?: {
    readonly items: readonly { readonly path: string; readonly fieldRef: { fieldPath: string } }[];
  };
}
interface Volume {
  readonly name: string;
  readonly emptyDir?: object;
  readonly persistentVolumeClaim?: object;
  readonly secret?: { readonly secretName: string; readonly items: readonly Item[] };
  readonly projected?: { readonly sources: readonly Source[] };
}
interface Probe {
  readonly httpGet: { readonly path: string; readonly port: string; readonly scheme: string };
}
interface Container {
  readonly args: readonly string[];
  readonly env?: readonly EnvEntry[];
  readonly envFrom?: readonly { readonly secretRef: { readonly name: string } }[];
  readonly volumeMounts: readonly { readonly name: string; readonly mountPath: string }[];
  readonly livenessProbe: Probe;
  readonly readinessProbe: Probe;
}
interface Rendered {
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly data?: Readonly<Record<string, string>>;
  readonly spec?: {
    readonly template: {
      readonly spec: {
        readonly automountServiceAccountToken: boolean;
        readonly containers: readonly Container[];
        readonly volumes: readonly Volume[];
      };
    };
  };
}

export interface StartableContainer {
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly mounts: readonly Mount[];
  readonly livenessPath: string;
  readonly readinessPath: string;
}

const SERVICE_ACCOUNT_FOLDER = '/var/run/secrets/kubernetes.io/serviceaccount';

/** `$(NAME)` is replaced where NAME is set and stays where it is not; `$$` is a dollar sign (Kubernetes, "dependent environment variables"). */
export function expand(text: string, env: Readonly<Record<string, string>>): string {
  return text.replaceAll(/\$\$|\$\(([^)]+)\)/g, (whole, name?: string) =>
    name === undefined ? '$' : (env[name] ?? whole),
  );
}

function lookUp(contents: Contents, { name, key }: KeyRef, kind: string): string {
  const value = contents[name]?.[key];
  if (value === undefined) throw new Error(`The pod would not start: there is no ${kind} ${name} with the key ${key}.`);
  return value;
}

/** The one container of the one Deployment in these manifests. Files are written below `folder`. */
export function readContainer(manifests: string, around: Surroundings, folder: string): StartableContainer {
  // Rendered by our own chart, whose golden files show the shape.
  const objects = parseAllDocuments(manifests).map((document) => document.toJS() as Rendered);
  const pod = objects.find(({ kind }) => kind === 'Deployment')?.spec?.template.spec;
  const container = pod?.containers[0];
  if (pod === undefined || container === undefined) throw new Error('There is no Deployment with a container.');
  const secrets: Record<string, Readonly<Record<string, string>>> = { ...around.secrets };
  for (const { kind, metadata, data = {} } of objects) {
    if (kind !== 'Secret') continue;
    const decoded = Object.entries(data).map(([key, value]) => [key, Buffer.from(value, 'base64').toString()]);
    secrets[metadata.name] = Object.fromEntries(decoded);
  }
  const env = readEnv(container, secrets);
  const files = { ...around, secrets };
  const mounts = container.volumeMounts
    // There is one on every machine, and this checkout may lie in it.
    .filter(({ mountPath }) => mountPath !== '/tmp')
    .map(({ name, mountPath }) => {
      const volume = pod.volumes.find((candidate) => candidate.name === name);
      if (volume === undefined) throw new Error(`The pod would be refused: there is no volume ${name}.`);
      return { path: mountPath, content: fill(volume, files, folder) };
    });
  if (pod.automountServiceAccountToken) {
    const all = { 'ca.crt': authorityOf(around), namespace: around.namespace, token: 'a token of the tests' };
    mounts.push({ path: SERVICE_ACCOUNT_FOLDER, content: write(all, folder) });
  }
  return {
    args: container.args.map((argument) => expand(argument, env)),
    env,
    mounts,
    livenessPath: container.livenessProbe.httpGet.path,
    readinessPath: container.readinessProbe.httpGet.path,
  };
}

function authorityOf({ configMaps }: Surroundings): string {
  return lookUp(configMaps, { name: 'kube-root-ca.crt', key: 'ca.crt' }, 'ConfigMap');
}

/** `env` wins over `envFrom`, and the last of two entries over the first. */
function readEnv(container: Container, secrets: Contents): Record<string, string> {
  const env: Record<string, string> = {};
  for (const { secretRef } of container.envFrom ?? []) {
    const secret = secrets[secretRef.name];
    if (secret === undefined) throw new Error(`The pod would not start: there is no Secret ${secretRef.name}.`);
    Object.assign(env, secret);
  }
  for (const { name, value, valueFrom } of container.env ?? []) {
    if (value !== undefined && typeof value !== 'string')
      throw new Error(`The pod would be refused: ${name} is no text.`);
    env[name] = valueFrom ? lookUp(secrets, valueFrom.secretKeyRef, 'Secret') : expand(value ?? '', env);
  }
  return env;
}

function write(files: Readonly<Record<string, string>>, folder: string): string {
  const content = mkdtempSync(join(folder, 'volume-'));
  for (const [path, text] of Object.entries(files)) writeFileSync(join(content, path), text);
  return content;
}

function fill(volume: Volume, around: Surroundings, folder: string): string {
  mkdirSync(folder, { recursive: true });
  if (volume.emptyDir ?? volume.persistentVolumeClaim) return write({}, folder);
  const files: Record<string, string> = {};
  for (const { key, path } of volume.secret?.items ?? []) {
    files[path] = lookUp(around.secrets, { name: volume.secret?.secretName ?? '', key }, 'Secret');
  }
  for (const { configMap, downwardAPI } of volume.projected?.sources ?? []) {
    for (const { key, path } of configMap?.items ?? []) {
      files[path] = lookUp(around.configMaps, { name: configMap?.name ?? '', key }, 'ConfigMap');
    }
    for (const { path } of downwardAPI?.items ?? []) files[path] = around.namespace;
  }
  return write(files, folder);
}
