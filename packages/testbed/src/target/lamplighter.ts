/** Owns how a lamplighter-server is started for a world: its flags, and when it is ready. Where the server's program lies is the caller's to say. */
import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fetch } from 'undici';
import { TARGET_READY_TIMEOUT_MS } from '../constants.ts';
import type { PartContext } from '../process/context.ts';
import { systemCode } from '../process/errors.ts';
import { okOrStatus, untilReady } from '../process/ready.ts';
import type { StartedProcess } from '../process/supervised.ts';
import type { ProviderFacts } from '../providers/provider.ts';

/** What `--session-key-file` takes: AES-256. */
const SESSION_KEY_BYTES = 32;

export interface LamplighterPlan {
  /** The server's entry, run by the Node that runs us. */
  readonly main: string;
  /** Names its log and its session store; two servers of one world have two names. */
  readonly name: string;
  readonly context: Pick<PartContext, 'start' | 'folder' | 'address' | 'signal'>;
  readonly port: number;
  readonly kubeconfig: string;
  readonly provider: Pick<ProviderFacts, 'issuer' | 'client'>;
  readonly caFile: string;
  /** Must be registered with the provider. */
  readonly callbackUrl: string;
  /** The folder of the page it serves; absent when something else serves it. */
  readonly page?: string;
  /** Flags beside those; of one that comes twice the last counts. */
  readonly moreFlags?: readonly string[];
}

interface SecretFiles {
  readonly client: string;
  readonly sessionKey: string;
}

/** Secrets go by file, so that no process list shows them. A key that is there already stays: it opens what it sealed. */
async function writeSecrets({ context, provider }: LamplighterPlan): Promise<SecretFiles> {
  const files = { client: join(context.folder, 'client.secret'), sessionKey: join(context.folder, 'session.key') };
  await writeFile(files.client, provider.client.secret, { mode: 0o600 });
  try {
    await writeFile(files.sessionKey, randomBytes(SESSION_KEY_BYTES).toString('base64'), { mode: 0o600, flag: 'wx' });
  } catch (thrown) {
    if (systemCode(thrown) !== 'EEXIST') throw thrown;
  }
  return files;
}

function flagsFor(plan: LamplighterPlan, secrets: SecretFiles): string[] {
  const { context, provider, page } = plan;
  return [
    `--kubeconfig=${plan.kubeconfig}`,
    `--listen-addr=${context.address}`,
    `--port=${plan.port}`,
    `--oidc-client-id=${provider.client.id}`,
    `--oidc-client-secret-file=${secrets.client}`,
    `--oidc-issuer-url=${provider.issuer}`,
    `--oidc-ca-file=${plan.caFile}`,
    '--oidc-scopes=profile,email,groups',
    '--oidc-use-pkce',
    `--oidc-callback-url=${plan.callbackUrl}`,
    // Kept in the world's folder, so that a reload of the server signs nobody out.
    `--session-store=${join(context.folder, `${plan.name}.sqlite`)}`,
    `--session-key-file=${secrets.sessionKey}`,
    ...(page === undefined ? [] : [`--html-static-dir=${page}`]),
    ...(plan.moreFlags ?? []),
  ];
}

/** Starts the server and waits until it is ready, its issuer included; one that does not is ended before the failure is told. Watching over it is the caller's. */
export async function startLamplighterServer(plan: LamplighterPlan): Promise<StartedProcess> {
  const { context } = plan;
  const secrets = await writeSecrets(plan);
  const server = await context.start({
    name: plan.name,
    command: process.execPath,
    args: [plan.main, ...flagsFor(plan, secrets)],
    cwd: context.folder,
    asked: true,
  });
  const readiness = `http://${context.address}:${plan.port}/readyz`;
  try {
    await untilReady(server, {
      for: `${plan.name} to answer /readyz`,
      timeoutMs: TARGET_READY_TIMEOUT_MS,
      givenUp: context.signal,
      probe: async (signal) => okOrStatus(await fetch(readiness, { signal })),
    });
    return server;
  } catch (thrown) {
    await server.stop();
    throw thrown;
  }
}
