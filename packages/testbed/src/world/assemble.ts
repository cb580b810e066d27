/** Owns the order in which a native world's parts come up, and the conditions that make it ready for people. */
import { randomBytes } from 'node:crypto';
import { people, serviceAccountNamespace } from '@lamplighter/fixtures';
import { tokenAccepted } from '../cluster/client.ts';
import { type ControlPlane, seedCluster, startControlPlane } from '../cluster/control-plane.ts';
import { startEgress } from '../cluster/egress.ts';
import { startEtcd } from '../cluster/etcd.ts';
import { ISSUER_ACCEPTED_TIMEOUT_MS, TARGET_FAVOURITE_PORT } from '../constants.ts';
import type { PartContext } from '../process/context.ts';
import { freePort } from '../process/ports.ts';
import { untilReady } from '../process/ready.ts';
import { dexAudiences, dexFacts, startDex } from '../providers/dex.ts';
import type { ProviderClient, ProviderFacts, StartedProvider } from '../providers/provider.ts';
import { startRelay } from '../relay/relay.ts';
import type { StartTarget } from '../target/target.ts';

/** How long the readiness probe's own service-account token lives: the least the API server gives. */
const PROBE_TOKEN_SECONDS = 600;

export interface Assembled {
  readonly controlPlane: ControlPlane;
  readonly provider: ProviderFacts;
  readonly targetUrl: string;
  readonly captureUrl: string;
  /** The relay and the egress socket, to be ended with the world. */
  readonly resources: AsyncDisposableStack;
}

export interface AssemblyPlan {
  readonly name: string;
  readonly context: PartContext;
  readonly startTarget: StartTarget;
  /** Null: the provider's own default. */
  readonly idTokenSeconds: number | null;
  readonly onReady: (what: string) => void;
}

function randomSecret(): string {
  return randomBytes(24).toString('base64url');
}

/** Every issuer's tokens must be accepted: the API server initialises each in the background, long after `/readyz` says ok. */
async function untilIssuersAreAccepted(
  context: PartContext,
  controlPlane: ControlPlane,
  provider: StartedProvider,
): Promise<void> {
  const [person] = people;
  if (person === undefined) throw new Error('The cast is empty.');
  const { server, files, client } = controlPlane;
  const tokens = {
    'service accounts': await client.serviceAccountToken(serviceAccountNamespace, person.name, PROBE_TOKEN_SECONDS),
    [provider.name]: await provider.idTokenOf(person),
  };
  for (const [issuer, token] of Object.entries(tokens)) {
    await untilReady(server, {
      for: `kube-apiserver to accept a token of ${issuer}`,
      timeoutMs: ISSUER_ACCEPTED_TIMEOUT_MS,
      givenUp: context.signal,
      probe: () => tokenAccepted(server.url, files.ca, token),
    });
  }
}

/** Brings every part up; resolves when a person can sign in. Processes are in the context's hands; the rest is given back, or ended when it fails. */
export async function assembleWorld(plan: AssemblyPlan): Promise<Assembled> {
  const { context, idTokenSeconds, onReady } = plan;
  await using resources = new AsyncDisposableStack();
  const { address } = context;
  // etcd needs nothing of the rest: it comes up while the certificates' library loads, which costs 0.1 s.
  const etcd = startEtcd(context);
  // Awaited below; a failure before that must not count as nobody's.
  etcd.catch(() => undefined);
  const { createAuthority } = await import('../certificates/authority.ts');
  const authority = await createAuthority(plan.name);
  const relay = resources.use(
    await startRelay('dex', await authority.issue({ commonName: 'relay', serves: ['localhost'] })),
  );
  const client: ProviderClient = { id: 'lamplighter', secret: randomSecret() };
  const facts = dexFacts(relay, client);
  const egressSocket = `${context.socketFolder}/egress.sock`;
  const reachable = new Map([[`localhost:${relay.port}`, { host: '127.0.0.1', port: relay.port }]]);
  resources.use(await startEgress(egressSocket, reachable));

  const targetPort = await freePort(address, TARGET_FAVOURITE_PORT);
  const targetUrl = `http://${address}:${targetPort}`;
  const captureUrl = `http://${address}:${await freePort(address)}/oidc-callback`;
  const redirectUris = [`${targetUrl}/oidc-callback`, captureUrl];

  const issuers = [{ provider: facts.name, issuer: facts.issuer, audiences: dexAudiences(client) }];
  const [controlPlane, provider] = await Promise.all([
    startControlPlane(context, { etcd, authority, issuers, egressSocket, onReady }),
    startDex(context, { relay, authority, client, probeSecret: randomSecret(), redirectUris, idTokenSeconds }).then(
      (started) => {
        onReady('dex');
        return started;
      },
    ),
  ]);
  const { publicKubeconfig: kubeconfig, files } = controlPlane;
  const seeded = seedCluster(context, controlPlane, [facts.name]).then(() => onReady('people and workloads'));
  await Promise.all([
    seeded.then(() => untilIssuersAreAccepted(context, controlPlane, provider)).then(() => onReady('issuers accepted')),
    plan
      .startTarget({ context, url: targetUrl, port: targetPort, kubeconfig, provider: facts, caFile: files.ca })
      .then(() => onReady('target')),
  ]);
  return { controlPlane, provider: facts, targetUrl, captureUrl, resources: resources.move() };
}
