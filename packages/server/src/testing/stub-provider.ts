/** A small OpenID Provider: real discovery, keys, codes, refresh tokens and signed tokens; a test says what goes wrong. */
import { createHash, randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import type { JWTPayload } from 'jose';
import { respondJson } from './stub-cluster.ts';
import { makeSigningKeys, type SigningKeys } from './stub-provider-keys.ts';

export interface ProviderRequest {
  readonly path: string;
  readonly authorization: string | undefined;
  readonly form: URLSearchParams;
}

type Respond = (form: URLSearchParams, response: ServerResponse) => void;

/** What a test may set at any time; the defaults are those of a provider in order. */
export interface StubProviderWishes {
  /** Merged into the discovery document. */
  metadata: Record<string, unknown>;
  /** Merged into every ID token's claims; `undefined` takes a claim out. */
  claims: Record<string, unknown>;
  /** Merged into the claims of ID tokens that come with a renewal, after `claims`. */
  renewedClaims: Record<string, unknown>;
  /** Signs ID tokens in place of the provider's key, when set. */
  sign: ((payload: JWTPayload) => Promise<string>) | null;
  /** The access token of the next answers; null: an opaque one. */
  accessToken: ((payload: JWTPayload) => Promise<string>) | null;
  /** Merged into every token answer; `undefined` takes a member out. */
  answer: Record<string, unknown>;
  /** Whether refresh tokens are given. Default: no. */
  refreshTokens: boolean;
  /** Whether each one is good once. Default: yes. */
  rotates: boolean;
  /** Whether an ID token comes with a renewal. Default: yes. */
  renewsIdToken: boolean;
  /** How long ID tokens live. Default: an hour. */
  idTokenSeconds: number;
  /** `expires_in`. Default: null, not said. */
  expiresIn: number | null;
  /** The clock ID tokens are minted by. Default: the platform's. */
  now: () => number;
  /** What userinfo says beside `sub`. */
  userinfo: Record<string, unknown>;
  /** Waited for before any answer: a test holds requests with a promise it resolves. */
  before: ((path: string) => Promise<void>) | null;
  /** Answer in place of the provider, when set. */
  respondToken: Respond | null;
  respondRefresh: Respond | null;
  respondUserinfo: Respond | null;
  respondKeys: Respond | null;
  respondRevoke: Respond | null;
}

export interface StubProvider extends StubProviderWishes, AsyncDisposable {
  readonly issuer: string;
  readonly clientId: string;
  readonly seen: readonly ProviderRequest[];
  /** The current signing key. */
  readonly keys: SigningKeys;
  /** How often a path below the issuer was asked, such as `/token`. */
  count(path: string): number;
  /** How many renewals were asked for. */
  readonly refreshes: number;
  /** What the provider's page would do once somebody has signed in: the address the browser is sent back to. */
  approve(authorizationUrl: string): string;
  /** A new signing key takes the old one's place, in the key set too. @param kid - undefined: without one. */
  rotateKeys(kid?: string): Promise<void>;
  /** A logout token about Ada; `undefined` takes a claim out. */
  mintLogoutToken(claims?: Record<string, unknown>, header?: Record<string, unknown>): Promise<string>;
}

interface Granted {
  readonly nonce: string | null;
  readonly redirectUri: string;
  readonly challenge: string | null;
}

const FIRST_KEYS = makeSigningKeys('k1');

export async function startStubProvider(): Promise<StubProvider> {
  let keys = await FIRST_KEYS;
  const seen: ProviderRequest[] = [];
  const codes = new Map<string, Granted>();
  /** To the nonce of the sign-in it comes from. */
  const refreshTokens = new Map<string, string | null>();
  const server = createServer((request, response) => void answer(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  // Listening on a port always yields an AddressInfo.
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}/idp`;

  const provider: StubProvider = {
    ...wishes(),
    issuer,
    clientId: 'lamplighter',
    seen,
    get keys() {
      return keys;
    },
    count: (path) => seen.filter((request) => request.path === `/idp${path}`).length,
    get refreshes() {
      return seen.filter(({ form }) => form.get('grant_type') === 'refresh_token').length;
    },
    approve: (authorizationUrl) => {
      const asked = new URL(authorizationUrl).searchParams;
      const code = randomUUID();
      const redirectUri = asked.get('redirect_uri') ?? '';
      codes.set(code, { nonce: asked.get('nonce'), redirectUri, challenge: asked.get('code_challenge') });
      return `${redirectUri}?${new URLSearchParams({ code, state: asked.get('state') ?? '' })}`;
    },
    rotateKeys: async (kid) => {
      keys = await makeSigningKeys(kid);
    },
    mintLogoutToken: (claims = {}, header = {}) => {
      const base = {
        iss: issuer,
        sub: 'ada',
        aud: provider.clientId,
        iat: provider.now(),
        exp: provider.now() + 120,
        jti: randomUUID(),
        events: { 'http://schemas.openid.net/event/backchannel-logout': {} },
      };
      return keys.sign(present({ ...base, ...claims }), { typ: 'logout+jwt', ...header });
    },
    [Symbol.asyncDispose]: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const form = new URLSearchParams(await text(request));
    const path = new URL(request.url ?? '', issuer).pathname;
    seen.push({ path, authorization: request.headers.authorization, form });
    await provider.before?.(path);
    if (path === '/idp/token') return answerToken(form, response);
    if (path === '/idp/revoke') refreshTokens.delete(form.get('token') ?? '');
    const respond = hooks()[path];
    if (respond !== undefined && respond !== null) return respond(form, response);
    const body = usual()[path];
    respondJson(response, body === undefined ? 404 : 200, body ?? {});
  }

  function hooks(): Readonly<Record<string, Respond | null>> {
    const { respondKeys, respondUserinfo, respondRevoke } = provider;
    return { '/idp/keys': respondKeys, '/idp/userinfo': respondUserinfo, '/idp/revoke': respondRevoke };
  }

  function usual(): Readonly<Record<string, object>> {
    return {
      '/idp/.well-known/openid-configuration': { ...document(issuer), ...provider.metadata },
      '/idp/keys': { keys: [keys.jwk] },
      '/idp/userinfo': present({ sub: 'ada', ...provider.userinfo }),
      '/idp/revoke': {},
    };
  }

  async function answerToken(form: URLSearchParams, response: ServerResponse): Promise<void> {
    const isRefresh = form.get('grant_type') === 'refresh_token';
    const respond = isRefresh ? (provider.respondRefresh ?? provider.respondToken) : provider.respondToken;
    if (respond !== null) return respond(form, response);
    const nonce = isRefresh ? useRefreshToken(form) : useCode(form);
    if (nonce === undefined) return respondJson(response, 400, { error: 'invalid_grant' });
    respondJson(response, 200, await tokens(nonce, isRefresh ? (form.get('refresh_token') ?? '') : null));
  }

  /** The nonce; undefined when the code is not good. */
  function useCode(form: URLSearchParams): string | null | undefined {
    const code = form.get('code') ?? '';
    const granted = codes.get(code);
    codes.delete(code);
    const isGood =
      granted !== undefined &&
      granted.redirectUri === form.get('redirect_uri') &&
      fits(granted, form.get('code_verifier'));
    return isGood ? granted.nonce : undefined;
  }

  function useRefreshToken(form: URLSearchParams): string | null | undefined {
    const token = form.get('refresh_token') ?? '';
    const nonce = refreshTokens.get(token);
    if (provider.rotates) refreshTokens.delete(token);
    return nonce;
  }

  /** @param used - the refresh token they are given for; null: a code. */
  async function tokens(nonce: string | null, used: string | null): Promise<Record<string, unknown>> {
    const { now, expiresIn, accessToken } = provider;
    const base = { iss: issuer, sub: 'ada', aud: provider.clientId, iat: now(), exp: now() + provider.idTokenSeconds };
    const names = { nonce: nonce ?? undefined, preferred_username: 'ada', groups: ['platform'] };
    const renewed = used === null ? {} : provider.renewedClaims;
    const claims = present({ ...base, ...names, ...provider.claims, ...renewed });
    const gives = provider.refreshTokens && (used === null || provider.rotates);
    const refreshToken = gives ? randomUUID() : undefined;
    if (refreshToken !== undefined) refreshTokens.set(refreshToken, nonce);
    return present({
      access_token: (await accessToken?.(claims)) ?? randomUUID(),
      token_type: 'bearer',
      id_token: used === null || provider.renewsIdToken ? await (provider.sign ?? keys.sign)(claims) : undefined,
      refresh_token: refreshToken,
      expires_in: expiresIn,
      ...provider.answer,
    });
  }

  return provider;
}

function wishes(): StubProviderWishes {
  return {
    metadata: {},
    claims: {},
    renewedClaims: {},
    sign: null,
    accessToken: null,
    answer: {},
    refreshTokens: false,
    rotates: true,
    renewsIdToken: true,
    idTokenSeconds: 3_600,
    expiresIn: null,
    now: () => Math.floor(Date.now() / 1_000),
    userinfo: {},
    before: null,
    respondToken: null,
    respondRefresh: null,
    respondUserinfo: null,
    respondKeys: null,
    respondRevoke: null,
  };
}

function document(issuer: string): Record<string, unknown> {
  return {
    issuer,
    authorization_endpoint: `${issuer}/auth`,
    token_endpoint: `${issuer}/token`,
    jwks_uri: `${issuer}/keys`,
    id_token_signing_alg_values_supported: ['RS256'],
    code_challenge_methods_supported: ['S256'],
    response_types_supported: ['code'],
    subject_types_supported: ['public'],
  };
}

/** Without the members that are not there. */
function present(members: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined && value !== null));
}

/** RFC 7636, section 4.6. */
function fits({ challenge }: Granted, verifier: string | null): boolean {
  if (challenge === null) return verifier === null;
  return verifier !== null && createHash('sha256').update(verifier).digest('base64url') === challenge;
}
