/** Asks the token endpoint, once per call, and reads its answer. What the tokens in it are worth is judged elsewhere. */
import type { LoginTransaction, Refusal } from '@lamplighter/auth-core';
import {
  type AuthorizationServer,
  allowInsecureRequests,
  type Client,
  type ClientAuth,
  customFetch,
  genericTokenEndpointRequest,
  revocationRequest,
} from 'oauth4webapi';
import { z } from 'zod';
import type { OidcConfig } from '../config/server-config.ts';
import { ask, printable, readJson, unreadable } from './ask-provider.ts';
import { createClientAuthentication } from './client-authentication.ts';
import type { ProviderMetadata } from './discovery.ts';

export interface TokenAnswer {
  readonly accessToken: string;
  readonly idToken: string | null;
  readonly refreshToken: string | null;
  /** Of the access token (RFC 6749, section 5.1). */
  readonly expiresInSeconds: number | null;
}

export type TokenOutcome =
  | { readonly kind: 'tokens'; readonly answer: TokenAnswer }
  /** The provider's own no, by its code (RFC 6749, section 5.2). */
  | { readonly kind: 'denied'; readonly error: string }
  | { readonly kind: 'failed'; readonly refusal: Refusal };

export interface TokenRequests {
  /** @param codeVerifier - null: PKCE is off. */
  exchangeCode(
    login: Pick<LoginTransaction, 'redirectUri'>,
    code: string,
    codeVerifier: string | null,
  ): Promise<TokenOutcome>;
  refresh(refreshToken: string): Promise<TokenOutcome>;
  /** Whether the provider said it is done; false also when it offers no revocation. */
  revoke(refreshToken: string): Promise<boolean>;
}

export function createTokenRequests(
  config: Pick<OidcConfig, 'clientId' | 'authentication'>,
  metadata: ProviderMetadata,
  fetch: typeof globalThis.fetch,
): TokenRequests {
  const client: Client = { client_id: config.clientId };
  const authentication: ClientAuth = createClientAuthentication(config.authentication);
  // The library has members of its own in mind for some names; the ones used here were judged with the document.
  const server = metadata as AuthorizationServer;
  const options = {
    // The library's options are those of fetch; its types also allow the `undefined` that fetch reads as absent.
    [customFetch]: (url: string, init: object) => fetch(url, init as RequestInit),
    // http gets here for a loopback host only: the discovery refuses every other.
    [allowInsecureRequests]: true,
  };
  const grant = async (type: string, parameters: Record<string, string>): Promise<TokenOutcome> => {
    const asked = await ask(() =>
      genericTokenEndpointRequest(server, client, authentication, type, parameters, options),
    );
    return asked.ok ? readOutcome(asked.value) : failed(asked.refusal);
  };
  return {
    exchangeCode: ({ redirectUri }, code, codeVerifier) =>
      grant('authorization_code', {
        code,
        redirect_uri: redirectUri,
        ...(codeVerifier === null ? {} : { code_verifier: codeVerifier }),
      }),
    refresh: (refreshToken) => grant('refresh_token', { refresh_token: refreshToken }),
    revoke: async (refreshToken) => {
      if (metadata.revocation_endpoint === undefined) return false;
      const hint = { ...options, additionalParameters: { token_type_hint: 'refresh_token' } };
      const asked = await ask(() => revocationRequest(server, client, authentication, refreshToken, hint));
      return asked.ok && asked.value.status === 200;
    },
  };
}

/** What goes into a header must be of these characters (RFC 6750, section 2.1; RFC 6749, appendix A.12 allows a blank too). */
const SENDABLE = /^[\x21-\x7e]+$/;

const TOKENS = z.object({
  access_token: z.string().regex(SENDABLE),
  token_type: z.string().regex(/^bearer$/i),
  id_token: z.string().nullish(),
  refresh_token: z.string().nullish(),
  // Some providers write it as a text; what is no number says nothing.
  expires_in: z.coerce.number().int().positive().nullish().catch(null),
});

const OAUTH_ERROR = z.object({ error: z.string().min(1) });

async function readOutcome(response: Response): Promise<TokenOutcome> {
  const { status } = response;
  if (status >= 400 && status < 500) return readDenial(response);
  if (status !== 200) return failed(unreadable('OAUTH_RESPONSE_IS_NOT_CONFORM').refusal);
  const json = await readJson(response);
  if (!json.ok) return failed(json.refusal);
  const tokens = TOKENS.safeParse(json.value);
  if (!tokens.success) return failed(unreadable('OAUTH_INVALID_RESPONSE').refusal);
  const { access_token, id_token, refresh_token, expires_in } = tokens.data;
  return {
    kind: 'tokens',
    answer: {
      accessToken: access_token,
      // An empty text is as good as none.
      idToken: id_token || null,
      refreshToken: refresh_token || null,
      expiresInSeconds: expires_in ?? null,
    },
  };
}

/** RFC 6749, section 5.2: a client that fails to authenticate may get 401 with a challenge and no words beside it. */
async function readDenial(response: Response): Promise<TokenOutcome> {
  const json = await readJson(response);
  const body = OAUTH_ERROR.safeParse(json.ok ? json.value : undefined);
  if (body.success) return { kind: 'denied', error: printable(body.data.error) };
  const isChallenge = response.status === 401 && response.headers.has('www-authenticate');
  return isChallenge
    ? { kind: 'denied', error: 'invalid_client' }
    : failed(unreadable('OAUTH_RESPONSE_IS_NOT_CONFORM').refusal);
}

function failed(refusal: Refusal): TokenOutcome {
  return { kind: 'failed', refusal };
}
