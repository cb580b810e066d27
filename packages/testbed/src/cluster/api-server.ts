/** Owns starting kube-apiserver for one world, and the question whether it answers. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Authority } from '../certificates/authority.ts';
import { trustingFetch } from '../certificates/trusting-fetch.ts';
import { CLUSTER_READY_TIMEOUT_MS } from '../constants.ts';
import type { PartContext } from '../process/context.ts';
import { withFreePort } from '../process/ports.ts';
import { okOrStatus, untilReady } from '../process/ready.ts';
import type { StartedProcess } from '../process/supervised.ts';
import type { TrustFiles } from './trust.ts';

/** The first address of this range is the `kubernetes` Service; nothing routes to it in a native world. */
const SERVICE_RANGE = '10.96.0.0/24';
/** The issuer of service-account tokens: a name that is never dialled. */
const SERVICE_ACCOUNT_ISSUER = 'https://kubernetes.default.svc';

export interface StartedApiServer extends StartedProcess {
  readonly url: string;
}

/** The files the API server is started with. */
export interface ApiServerFiles {
  readonly certificate: string;
  readonly certificateKey: string;
  readonly ca: string;
  /** Signs service-account tokens; the controller manager wants it too. */
  readonly signingKey: string;
  readonly verifyingKey: string;
}

/** Makes its certificate and the keys of the service-account issuer, and writes them down. */
export async function writeApiServerFiles(
  folder: string,
  address: string,
  authority: Authority,
): Promise<ApiServerFiles> {
  const serves = ['localhost', 'kubernetes', 'kubernetes.default.svc', '127.0.0.1', '10.96.0.1', address];
  const [leaf, signing] = await Promise.all([
    authority.issue({ commonName: 'kube-apiserver', serves: [...new Set(serves)] }),
    authority.createSigningKey(),
  ]);
  const files: ApiServerFiles = {
    certificate: join(folder, 'kube-apiserver.crt'),
    certificateKey: join(folder, 'kube-apiserver.key'),
    ca: join(folder, 'ca.crt'),
    signingKey: join(folder, 'service-accounts.key'),
    verifyingKey: join(folder, 'service-accounts.pub'),
  };
  await Promise.all([
    writeFile(files.certificate, leaf.certificate),
    writeFile(files.certificateKey, leaf.key, { mode: 0o600 }),
    writeFile(files.ca, authority.certificate),
    writeFile(files.signingKey, signing.privateKey, { mode: 0o600 }),
    writeFile(files.verifyingKey, signing.publicKey),
  ]);
  return files;
}

export interface ApiServerPlan {
  readonly etcdEndpoint: string;
  readonly files: ApiServerFiles;
  /** Absent for a bare control plane that trusts no issuer. */
  readonly trust?: TrustFiles;
}

function argumentsFor(context: PartContext, port: number, { etcdEndpoint, files, trust }: ApiServerPlan): string[] {
  return [
    `--etcd-servers=${etcdEndpoint}`,
    `--bind-address=${context.address}`,
    `--secure-port=${port}`,
    `--cert-dir=${context.folder}`,
    `--tls-cert-file=${files.certificate}`,
    `--tls-private-key-file=${files.certificateKey}`,
    `--client-ca-file=${files.ca}`,
    `--service-account-issuer=${SERVICE_ACCOUNT_ISSUER}`,
    `--service-account-signing-key-file=${files.signingKey}`,
    `--service-account-key-file=${files.verifyingKey}`,
    `--service-cluster-ip-range=${SERVICE_RANGE}`,
    '--authorization-mode=Node,RBAC',
    // A world has one API server: nothing to elect, nothing to reconcile.
    '--endpoint-reconciler-type=none',
    ...(trust
      ? [
          `--authentication-config=${trust.authentication}`,
          `--egress-selector-config-file=${trust.egress}`,
          `--audit-policy-file=${trust.audit}`,
          `--audit-log-path=${context.logFile('audit')}`,
        ]
      : []),
  ];
}

/** Starts kube-apiserver on a free port of the world's address; ready when `/readyz` answers, which does not mean its issuers are known yet. */
export async function startApiServer(context: PartContext, ca: string, plan: ApiServerPlan): Promise<StartedApiServer> {
  return withFreePort(context.address, async (port) => {
    const server = await context.start({
      name: 'kube-apiserver',
      command: context.binary('kube-apiserver'),
      cwd: context.socketFolder,
      args: argumentsFor(context, port, plan),
    });
    const url = `https://${context.address}:${port}`;
    await using trusting = trustingFetch(ca);
    await untilReady(server, {
      for: 'kube-apiserver to answer /readyz',
      timeoutMs: CLUSTER_READY_TIMEOUT_MS,
      givenUp: context.signal,
      probe: async (signal) => okOrStatus(await trusting.fetch(`${url}/readyz`, { signal })),
    });
    context.watch(server);
    return { ...server, url };
  });
}
