/** Owns a stand-in for a provider: it can be found, it grants nothing, and it remembers how clients proved themselves. */
import { once } from 'node:events';
import { createServer } from 'node:https';
import type { KeyPair } from '@lamplighter/testbed';

export interface StubIssuer extends AsyncDisposable {
  /** The `Authorization` of each token request, undefined where it had none; oldest first. */
  readonly proofs: readonly (string | undefined)[];
}

/** Serves `issuer`'s discovery document on the address it resolves to for whom it is meant. */
export async function startStubIssuer(
  issuer: string,
  { address, certificate, key }: KeyPair & { address: string },
): Promise<StubIssuer> {
  const { port, pathname } = new URL(issuer);
  const discovery = {
    issuer,
    authorization_endpoint: `${issuer}/auth`,
    token_endpoint: `${issuer}/token`,
    jwks_uri: `${issuer}/keys`,
    response_types_supported: ['code'],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['ES256'],
    code_challenge_methods_supported: ['S256'],
    scopes_supported: ['openid', 'profile', 'email', 'groups', 'offline_access'],
  };
  const proofs: (string | undefined)[] = [];
  const server = createServer({ cert: certificate, key }, (request, response) => {
    const answer = (status: number, body: object): void => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    };
    if (request.url === `${pathname}/.well-known/openid-configuration`) return answer(200, discovery);
    if (request.url === `${pathname}/keys`) return answer(200, { keys: [] });
    if (request.url !== `${pathname}/token`) return answer(404, {});
    proofs.push(request.headers.authorization);
    answer(400, { error: 'invalid_grant' });
  });
  server.listen(Number(port), address);
  await once(server, 'listening');
  return {
    proofs,
    [Symbol.asyncDispose]: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}
