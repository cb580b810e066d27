/** Owns Dex for one world: its configuration from the cast, its process, and the question whether it answers. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Person, people } from '@lamplighter/fixtures';
import { stringify } from 'yaml';
import { z } from 'zod';
import type { Authority } from '../certificates/authority.ts';
import { trustingFetch } from '../certificates/trusting-fetch.ts';
import { PROVIDER_READY_TIMEOUT_MS } from '../constants.ts';
import type { PartContext } from '../process/context.ts';
import { TestbedError } from '../process/errors.ts';
import { withFreePort } from '../process/ports.ts';
import { okOrStatus, untilReady } from '../process/ready.ts';
import type { StartedRelay } from '../relay/relay.ts';
import type { ProviderClient, ProviderFacts, StartedProvider } from './provider.ts';

/** The client that asks for tokens without a browser; people never meet it. */
const PROBE_CLIENT_ID = 'lamplighter-probe';

export interface DexPlan {
  readonly relay: StartedRelay;
  readonly authority: Authority;
  readonly client: ProviderClient;
  /** Secret of the testbed's own client. */
  readonly probeSecret: string;
  readonly redirectUris: readonly string[];
  /** Null: Dex's own default, a day. */
  readonly idTokenSeconds: number | null;
}

/** The facts that are known before Dex runs, so that everything which names it can be written meanwhile. */
export function dexFacts(relay: StartedRelay, client: ProviderClient): ProviderFacts {
  return { name: 'dex', issuer: `${relay.origin}/dex`, client, emulated: false };
}

/** Whose tokens the cluster is told to accept. */
export function dexAudiences(client: ProviderClient): readonly string[] {
  return [client.id, PROBE_CLIENT_ID];
}

function configuration(plan: DexPlan, listen: string, certificate: string, key: string): object {
  return {
    issuer: dexFacts(plan.relay, plan.client).issuer,
    storage: { type: 'memory' },
    web: { https: listen, tlsCert: certificate, tlsKey: key },
    // The password grant is for the probe client alone: it lets readiness be asked without a browser.
    oauth2: { skipApprovalScreen: true, passwordConnector: 'local' },
    enablePasswordDB: true,
    // One lifetime for all its clients: Dex knows no other.
    ...(plan.idTokenSeconds === null ? {} : { expiry: { idTokens: `${plan.idTokenSeconds}s` } }),
    staticPasswords: people.map((person) => ({
      email: person.email,
      username: person.name,
      name: person.fullName,
      preferredUsername: person.name,
      emailVerified: true,
      userID: `dex-${person.name}`,
      hash: person.passwordHash,
      groups: person.groups,
    })),
    staticClients: [
      { ...plan.client, name: 'Lamplighter', redirectURIs: plan.redirectUris },
      { id: PROBE_CLIENT_ID, secret: plan.probeSecret, name: 'Lamplighter testbed' },
    ],
  };
}

const tokenAnswer: z.ZodType<{ id_token: string }> = z.object({ id_token: z.string() });

async function idToken(issuer: string, ca: string, person: Person, probeSecret: string): Promise<string> {
  await using trusting = trustingFetch(ca);
  const response = await trusting.fetch(`${issuer}/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${Buffer.from(`${PROBE_CLIENT_ID}:${probeSecret}`).toString('base64')}` },
    body: new URLSearchParams({
      grant_type: 'password',
      scope: 'openid email groups',
      username: person.email,
      password: person.password,
    }),
  });
  if (!response.ok) throw new TestbedError('provider-refused', `Dex gave no token: status ${response.status}.`);
  return tokenAnswer.parse(await response.json()).id_token;
}

/** Starts Dex behind its relay; ready when its discovery answers, and then the relay lets requests through. */
export async function startDex(context: PartContext, plan: DexPlan): Promise<StartedProvider> {
  const { authority, relay } = plan;
  const files = {
    config: join(context.folder, 'dex.yaml'),
    crt: join(context.folder, 'dex.crt'),
    key: join(context.folder, 'dex.key'),
  };
  const leaf = await authority.issue({ commonName: 'dex', serves: ['localhost', context.address] });
  await Promise.all([writeFile(files.crt, leaf.certificate), writeFile(files.key, leaf.key, { mode: 0o600 })]);
  await withFreePort(context.address, async (port) => {
    const listen = `${context.address}:${port}`;
    const config = stringify(configuration(plan, listen, files.crt, files.key));
    await writeFile(files.config, config, { mode: 0o600 });
    const dex = await context.start({
      name: 'dex',
      command: context.binary('dex'),
      cwd: context.folder,
      args: ['serve', files.config],
    });
    const ca = authority.certificate;
    await using trusting = trustingFetch(ca);
    // Asked itself, past the relay, which still holds everybody else's requests.
    const discovery = `https://${listen}/dex/.well-known/openid-configuration`;
    await untilReady(dex, {
      for: 'dex to answer its discovery',
      timeoutMs: PROVIDER_READY_TIMEOUT_MS,
      givenUp: context.signal,
      probe: async (signal) => okOrStatus(await trusting.fetch(discovery, { signal })),
    });
    context.watch(dex);
    relay.connect({ host: context.address, port, ca });
  });
  const facts = dexFacts(relay, plan.client);
  return { ...facts, idTokenOf: (person) => idToken(facts.issuer, authority.certificate, person, plan.probeSecret) };
}
