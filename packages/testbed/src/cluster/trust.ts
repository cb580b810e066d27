/** Owns the files that tell the API server whom to believe and how to reach them: trusted issuers, egress, audit. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { providerPrefix } from '@lamplighter/fixtures';
import { stringify } from 'yaml';

/** An issuer whose tokens the cluster accepts. */
export interface TrustedIssuer {
  /** Also the prefix of its users' and groups' names. */
  readonly provider: string;
  readonly issuer: string;
  readonly audiences: readonly string[];
}

function authenticationConfiguration(issuers: readonly TrustedIssuer[], ca: string): object {
  return {
    apiVersion: 'apiserver.config.k8s.io/v1',
    kind: 'AuthenticationConfiguration',
    jwt: issuers.map(({ provider, issuer, audiences }) => ({
      issuer: {
        url: issuer,
        audiences,
        audienceMatchPolicy: 'MatchAny',
        // Discovery and keys go through the world's own socket, so the issuer's URL may be the one the browser uses.
        egressSelectorType: 'cluster',
        certificateAuthority: ca,
      },
      claimMappings: {
        username: { claim: 'email', prefix: providerPrefix(provider) },
        groups: { claim: 'groups', prefix: providerPrefix(provider) },
      },
    })),
  };
}

function egressConfiguration(socket: string): object {
  return {
    apiVersion: 'apiserver.k8s.io/v1beta1',
    kind: 'EgressSelectorConfiguration',
    egressSelections: [
      { name: 'cluster', connection: { proxyProtocol: 'HTTPConnect', transport: { uds: { udsName: socket } } } },
      { name: 'controlplane', connection: { proxyProtocol: 'Direct' } },
    ],
  };
}

/** Metadata of every request: who did what, never a body, so no Secret's content reaches the log. */
const auditPolicy = {
  apiVersion: 'audit.k8s.io/v1',
  kind: 'Policy',
  omitStages: ['RequestReceived'],
  rules: [
    // The control plane's own chatter would drown the people.
    { level: 'None', userGroups: ['system:nodes', 'system:masters'] },
    { level: 'None', users: ['system:kube-controller-manager', 'system:apiserver'] },
    { level: 'Metadata' },
  ],
};

export interface TrustFiles {
  readonly authentication: string;
  readonly egress: string;
  readonly audit: string;
}

/** Writes the three files into `folder`. */
export async function writeTrustFiles(
  folder: string,
  issuers: readonly TrustedIssuer[],
  ca: string,
  egressSocket: string,
): Promise<TrustFiles> {
  const files = {
    authentication: join(folder, 'authentication.yaml'),
    egress: join(folder, 'egress.yaml'),
    audit: join(folder, 'audit.yaml'),
  };
  await Promise.all([
    writeFile(files.authentication, stringify(authenticationConfiguration(issuers, ca))),
    writeFile(files.egress, stringify(egressConfiguration(egressSocket))),
    writeFile(files.audit, stringify(auditPolicy)),
  ]);
  return files;
}
