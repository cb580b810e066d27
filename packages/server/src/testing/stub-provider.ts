/** A small OpenID Provider: real discovery, keys, codes and signed ID tokens; a test says what goes wrong. */
import { createHash, randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { type CryptoKey, exportJWK, generateKeyPair, type JWK, type JWTPayload, SignJWT } from 'jose';
import { respondJson } from './stub-cluster.ts';

export interface ProviderRequest {
  readonly path: string;
  readonly authorization: string | undefined;
  readonly form: URLSearchParams;
}

export interface StubProvider extends AsyncDisposable {
  readonly issuer: string;
  readonly clientId: string;
  readonly seen: readonly ProviderRequest[];
  /** Merged into the discovery document. */
  metadata: Record<string, unknown>;
  /** Merged into every ID token's claims; `undefined` takes a claim out. */
  claims: Record<string, unknown>;
  /** Signs in place of the provider's key, when set. */
  sign: ((payload: JWTPayload) => Promise<string>) | null;
  /** Answers the token request in place of the provider, when set. */
  respondToken: ((form: URLSearchParams, response: ServerResponse) => void) | null;
  /** What the provider's page would do once somebody has signed in: the address the browser is sent back to. */
  approve(authorizationUrl: string): string;
}

interface Granted {
  readonly nonce: string | null;
  readonly redirectUri: string;
  readonly challenge: string | null;
}

const KEYS: Promise<{ readonly privateKey: CryptoKey; readonly jwk: JWK }> = generateKeyPair('RS256').then(
  async ({ privateKey, publicKey }) => ({
    privateKey,
    jwk: { ...(await exportJWK(publicKey)), kid: 'k1', alg: 'RS256' },
  }),
);

export async function startStubProvider(): Promise<StubProvider> {
  const { privateKey, jwk } = await KEYS;
  const seen: ProviderRequest[] = [];
  const codes = new Map<string, Granted>();
  const server = createServer((request, response) => void answer(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  // Listening on a port always yields an AddressInfo.
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}/idp`;

  const provider: StubProvider = {
    issuer,
    clientId: 'lamplighter',
    seen,
    metadata: {},
    claims: {},
    sign: null,
    respondToken: null,
    approve: (authorizationUrl) => {
      const asked = new URL(authorizationUrl).searchParams;
      const code = randomUUID();
      const redirectUri = asked.get('redirect_uri') ?? '';
      codes.set(code, { nonce: asked.get('nonce'), redirectUri, challenge: asked.get('code_challenge') });
      return `${redirectUri}?${new URLSearchParams({ code, state: asked.get('state') ?? '' })}`;
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
    if (path === '/idp/.well-known/openid-configuration')
      return respondJson(response, 200, { ...document(), ...provider.metadata });
    if (path === '/idp/keys') return respondJson(response, 200, { keys: [jwk] });
    if (path !== '/idp/token') return respondJson(response, 404, {});
    if (provider.respondToken !== null) return provider.respondToken(form, response);
    const granted = codes.get(form.get('code') ?? '');
    codes.delete(form.get('code') ?? '');
    if (
      granted === undefined ||
      granted.redirectUri !== form.get('redirect_uri') ||
      !fits(granted, form.get('code_verifier'))
    ) {
      return respondJson(response, 400, { error: 'invalid_grant' });
    }
    respondJson(response, 200, { access_token: randomUUID(), token_type: 'bearer', id_token: await idToken(granted) });
  }

  function document(): Record<string, unknown> {
    return {
      issuer,
      authorization_endpoint: `${issuer}/auth`,
      token_endpoint: `${issuer}/token`,
      jwks_uri: `${issuer}/keys`,
      id_token_signing_alg_values_supported: ['RS256'],
      response_types_supported: ['code'],
      subject_types_supported: ['public'],
    };
  }

  function idToken({ nonce }: Granted): Promise<string> {
    const now = Math.floor(Date.now() / 1_000);
    const base = { iss: issuer, sub: 'ada', aud: provider.clientId, iat: now, exp: now + 3_600, nonce };
    const claims = Object.entries({ ...base, preferred_username: 'ada', groups: ['platform'], ...provider.claims });
    const payload: JWTPayload = Object.fromEntries(claims.filter(([, value]) => value !== undefined && value !== null));
    return (
      provider.sign?.(payload) ?? new SignJWT(payload).setProtectedHeader({ alg: 'RS256', kid: 'k1' }).sign(privateKey)
    );
  }

  return provider;
}

/** RFC 7636, section 4.6. */
function fits({ challenge }: Granted, verifier: string | null): boolean {
  if (challenge === null) return verifier === null;
  return verifier !== null && createHash('sha256').update(verifier).digest('base64url') === challenge;
}
