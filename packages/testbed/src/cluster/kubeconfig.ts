/** Owns kubeconfig files: an administrator's, a part's, and the one without any credential that the target gets. */
import { writeFile } from 'node:fs/promises';
import { stringify } from 'yaml';
import type { KeyPair } from '../certificates/authority.ts';

/** The context every kubeconfig of a world has: the name Headlamp gives its own cluster. */
const CLUSTER_NAME = 'main';

export interface KubeconfigFacts {
  readonly server: string;
  /** PEM. */
  readonly ca: string;
  /** Who it signs in as; without it the file holds no credential at all. */
  readonly client?: KeyPair;
}

function base64(pem: string): string {
  return Buffer.from(pem).toString('base64');
}

/** Writes a kubeconfig that only its owner may read. */
export async function writeKubeconfig(file: string, { server, ca, client }: KubeconfigFacts): Promise<void> {
  const user = client && {
    'client-certificate-data': base64(client.certificate),
    'client-key-data': base64(client.key),
  };
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: CLUSTER_NAME, cluster: { server, 'certificate-authority-data': base64(ca) } }],
    users: user ? [{ name: CLUSTER_NAME, user }] : [],
    contexts: [{ name: CLUSTER_NAME, context: { cluster: CLUSTER_NAME, ...(user ? { user: CLUSTER_NAME } : {}) } }],
    'current-context': CLUSTER_NAME,
  };
  await writeFile(file, stringify(config), { mode: 0o600 });
}
