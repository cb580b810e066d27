/** Builds the address at which a browser ends its session with the provider. */
import type { ProviderMetadata } from './discovery.ts';

export interface EndSessionFacts {
  readonly clientId: string;
  /** Null: whom it is about is not said. */
  readonly idToken: string | null;
  readonly returnTo: string;
  readonly state: string;
}

/** OpenID Connect RP-Initiated Logout 1.0, section 2. Null: the provider has no such place. */
export function endSessionUrl(metadata: ProviderMetadata, facts: EndSessionFacts): string | null {
  const { clientId, idToken, returnTo, state } = facts;
  const cognito = cognitoLogout(metadata);
  // Knows neither a hint nor a state (docs.aws.amazon.com, "Logout endpoint").
  if (cognito !== null) return withQuery(cognito, { client_id: clientId, logout_uri: returnTo });
  const { end_session_endpoint: endpoint } = metadata;
  if (endpoint === undefined) return null;
  return withQuery(endpoint, {
    ...(idToken === null ? {} : { id_token_hint: idToken }),
    client_id: clientId,
    post_logout_redirect_uri: returnTo,
    state,
  });
}

/** The path of a Cognito issuer: a user pool's id, which begins with its region. */
const USER_POOL = /^\/[a-z]{2}(?:-[a-z]+)+-\d+_[A-Za-z0-9]+\/?$/;

/** Cognito's logout page stands beside its sign-in page, on the pool's own domain. */
function cognitoLogout({ issuer, authorization_endpoint }: ProviderMetadata): string | null {
  const endpoint = new URL(authorization_endpoint);
  const isCognito =
    URL.canParse(issuer) && USER_POOL.test(new URL(issuer).pathname) && endpoint.pathname.endsWith('/oauth2/authorize');
  return isCognito ? `${endpoint.origin}/logout` : null;
}

function withQuery(address: string, parameters: Readonly<Record<string, string>>): string {
  const url = new URL(address);
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
  return url.href;
}
