/** One provider, staged, and one client of it, without a server around them: what tests of this folder break a piece of. */
import {
  beginLogin,
  type ClusterName,
  clusterPage,
  type Issuer,
  judgeCallback,
  type LoginTransaction,
  parseClusterName,
  type Result,
  type SessionRecord,
  toIssuer,
  type ValidatedCallback,
} from '@lamplighter/auth-core';
import type { OidcConfig } from '../config/server-config.ts';
import { type StubProvider, startStubProvider } from '../testing/stub-provider.ts';
import { createOidcProvider } from './client.ts';
import { discover } from './discovery.ts';
import type { OidcProvider, SignedInAtProvider } from './provider.ts';
import { createProviderAgent } from './provider-agent.ts';

export const SECRET = 'client s3cret:%é';

export interface OidcWorld extends AsyncDisposable {
  readonly stub: StubProvider;
  readonly config: OidcConfig;
  /** Made of the stub's document as it was at the start. */
  readonly provider: OidcProvider;
  readonly fetch: typeof globalThis.fetch;
  /** Milliseconds on the provider's monotonic clock. */
  forward(ms: number): void;
  /** A login that came back with a code, ready to be redeemed. */
  begin(): ValidatedCallback;
  signIn(): Promise<Result<SignedInAtProvider>>;
  /** The record of the session somebody has after a sign-in. */
  record(): Promise<SessionRecord>;
}

export type WorldChanges = Partial<OidcConfig> & { readonly metadata?: (issuer: string) => Record<string, unknown> };

export async function startOidcWorld({ metadata, ...changes }: WorldChanges = {}): Promise<OidcWorld> {
  await using started = new AsyncDisposableStack();
  const stub = started.use(await startStubProvider());
  stub.metadata = metadata?.(stub.issuer) ?? {};
  const config = { ...oidcConfig(stub), ...changes };
  const agent = started.adopt(createProviderAgent(config), (opened) => opened.close());
  const found = await discover(config, agent.fetch, new AbortController().signal);
  if (!found.ok) throw new Error(found.problem);
  let ms = 0;
  const provider = createOidcProvider(config, found.metadata, agent.fetch, () => ms);
  const running = started.move();
  const begin = (): ValidatedCallback => answerOf(stub, provider);
  const signIn = (): Promise<Result<SignedInAtProvider>> => provider.exchange(begin(), stub.now());
  return {
    stub,
    config,
    provider,
    fetch: agent.fetch,
    forward: (more) => {
      ms += more;
    },
    begin,
    signIn,
    record: async () => recordOf(await signIn(), stub.now()),
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}

export function oidcConfig(stub: Pick<StubProvider, 'issuer' | 'clientId'>): OidcConfig {
  return {
    issuer: toIssuer(stub.issuer),
    clientId: stub.clientId,
    authentication: { method: 'client_secret_basic', secret: SECRET },
    scopes: ['openid', 'profile', 'email'],
    offlineAccess: false,
    usePkce: true,
    callbackUrl: null,
    validatorClientId: null,
    validatorIssuer: null,
    useAccessToken: false,
    userinfo: 'never',
    ca: null,
    skipTlsVerify: false,
  };
}

export function newLogin(issuer: Issuer, now: number): LoginTransaction {
  const cluster = clusterName();
  const random = (): Uint8Array => crypto.getRandomValues(new Uint8Array(32));
  const redirectUri = 'http://127.0.0.1/oidc-callback';
  return beginLogin(
    { cluster, returnPath: clusterPage(cluster), redirectUri, issuer, replacesSession: null },
    { state: random(), nonce: random(), codeVerifier: random() },
    now,
  );
}

function answerOf(stub: StubProvider, provider: OidcProvider): ValidatedCallback {
  const now = stub.now();
  const { issuer } = provider;
  const login = newLogin(issuer, now);
  const back = new URL(stub.approve(provider.authorizationUrl(login)));
  const judged = judgeCallback({ query: [...back.searchParams], login, issuer, issPromised: false, now });
  if (!judged.ok) throw new Error(judged.refusal.reason);
  return judged.value;
}

function clusterName(): ClusterName {
  const cluster = parseClusterName('main');
  if (cluster === undefined) throw new Error('main is a cluster name');
  return cluster;
}

function recordOf(signedIn: Result<SignedInAtProvider>, now: number): SessionRecord {
  if (!signedIn.ok) throw new Error(`${JSON.stringify(signedIn.refusal)}`);
  const { claims, bearer, bearerExpiresAt, grant } = signedIn.value;
  return {
    version: 2,
    method: 'oidc',
    cluster: clusterName(),
    bearer,
    bearerSince: now,
    tokenExpiresAt: bearerExpiresAt,
    person: { username: 'ada', email: '', groups: [], groupsIncomplete: false },
    identity: { issuer: claims.issuer, subject: claims.subject },
    grant,
    createdAt: now,
    expiresAt: now + 86_400,
    idleTtlSeconds: null,
  };
}
