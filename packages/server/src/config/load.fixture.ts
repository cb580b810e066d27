/** What the tests of a configuration have in common: a folder for files, a good kubeconfig, and ways to look at what was loaded. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { type ConfigEdges, type LoadedConfig, loadConfig } from './load.ts';
import type { ServerConfig } from './server-config.ts';

/** One for each test file that imports this. */
export const folder: string = mkdtempSync(join(tmpdir(), 'lamplighter-config-'));
afterAll(() => rmSync(folder, { recursive: true }));

export function file(name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

export const kubeconfig: string = file(
  'good.yaml',
  `
clusters: [{name: c, cluster: {server: "https://10.0.0.1:6443/base/", tls-server-name: api.example}}]
users: [{name: u, user: {token: kubeconfig-s3cret}}]
contexts: [{name: main, context: {cluster: c, user: u, namespace: team}}]
`,
);

/** A provider, with nothing to warn about. */
export const OIDC: readonly string[] = ['--oidc-client-id=lamp', '--oidc-issuer-url=https://idp.example/'];

export function load(
  argv: readonly string[],
  environment: Record<string, string> = {},
  edges: ConfigEdges = {},
): LoadedConfig {
  return loadConfig(['--kubeconfig', kubeconfig, ...argv], environment, edges);
}

export function configOf(loaded: LoadedConfig): ServerConfig {
  if (loaded.kind !== 'config') throw new Error(JSON.stringify(loaded));
  return loaded.config;
}

export function problemsOf(loaded: LoadedConfig): readonly string[] {
  return loaded.kind === 'problems' ? loaded.problems : [];
}
