/** Owns the cheapest API server there can be: it knows every bearer and answers everything at once, so only ours is measured. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { stringify } from 'yaml';

const REVIEWS = '/apis/authentication.k8s.io/v1/selfsubjectreviews';
const SMALL_LIST = JSON.stringify({ kind: 'PodList', apiVersion: 'v1', metadata: {}, items: [] });

export interface StubApiServer extends AsyncDisposable {
  /** For `--kubeconfig`: one context, `main`. */
  readonly kubeconfig: string;
}

export async function startStubApiServer(): Promise<StubApiServer> {
  const server = createServer((request, response) => {
    request.resume();
    const isReview = request.url === REVIEWS;
    const review = { kind: 'SelfSubjectReview', status: { userInfo: { username: 'bench', groups: [] } } };
    response.writeHead(isReview ? 201 : 200, { 'content-type': 'application/json' });
    response.end(isReview ? JSON.stringify(review) : SMALL_LIST);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  // Listening on a port always yields an AddressInfo.
  const { port } = server.address() as AddressInfo;
  return {
    kubeconfig: stringify({
      clusters: [{ name: 'main', cluster: { server: `http://127.0.0.1:${port}` } }],
      contexts: [{ name: 'main', context: { cluster: 'main' } }],
    }),
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
