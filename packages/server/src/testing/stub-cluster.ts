/** A small API server: it knows some bearers, answers reviews of them, and lets a test answer the rest. */
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

export interface KnownUser {
  readonly username: string;
  readonly groups: readonly string[];
}

export interface SeenRequest {
  readonly method: string;
  readonly url: string;
  readonly rawHeaders: readonly string[];
  readonly authorization: string | undefined;
}

export interface StubCluster extends AsyncDisposable {
  readonly url: string;
  /** In the order they came. */
  readonly seen: readonly SeenRequest[];
  /** Bearer to user; a test may change it. */
  readonly users: Map<string, KnownUser>;
  /** Answers everything but reviews. Default: 200 and `{}`. */
  respond: RequestListener;
  /** Answers a review in place of the API server, when set. */
  respondToReview: ((body: string, response: ServerResponse) => void) | null;
  /** For `respond`: a JSON watch that stays open. */
  readonly watch: RequestListener;
  /** How many watches are open here. */
  readonly watching: number;
  /** Writes one event to every open watch; a string as it is, for half an event. */
  push(event: object | string): void;
}

/** For `respondToReview`: what the API server says to a bearer it does not know. */
export function refuseReview(_: string, response: ServerResponse): void {
  respondJson(response, 401, { kind: 'Status', message: 'Unauthorized', code: 401 });
}

const REVIEWS = '/apis/authentication.k8s.io/v1/selfsubjectreviews';

export async function startStubCluster(): Promise<StubCluster> {
  const seen: SeenRequest[] = [];
  const watches = new Set<ServerResponse>();
  const cluster: Omit<StubCluster, 'url' | typeof Symbol.asyncDispose> = {
    seen,
    watch: (_, response) => {
      watches.add(response);
      response.on('close', () => watches.delete(response));
      response.writeHead(200, { 'Content-Type': 'application/json' }).flushHeaders();
    },
    get watching() {
      return watches.size;
    },
    push: (event) => {
      const line = typeof event === 'string' ? event : `${JSON.stringify(event)}\n`;
      for (const watch of watches) watch.write(line);
    },
    users: new Map(),
    respond: (_, response) => respondJson(response, 200, {}),
    respondToReview: null,
  };
  // Bearers may be longer than Node’s usual 16 KiB of headers.
  const server = createServer({ maxHeaderSize: 131_072 }, (request, response) => {
    const { method = '', url = '', rawHeaders, headers } = request;
    seen.push({ method, url, rawHeaders, authorization: headers.authorization });
    if (url.endsWith(REVIEWS)) void review(request, response, cluster);
    else cluster.respond(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  // Listening on a port always yields an AddressInfo.
  const { port } = server.address() as AddressInfo;
  return Object.assign(cluster, {
    url: `http://127.0.0.1:${port}`,
    [Symbol.asyncDispose]: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  });
}

async function review(
  request: IncomingMessage,
  response: ServerResponse,
  { users, respondToReview }: Pick<StubCluster, 'users' | 'respondToReview'>,
): Promise<void> {
  const body = await text(request);
  if (respondToReview !== null) return respondToReview(body, response);
  const user = users.get((request.headers.authorization ?? '').replace(/^Bearer /, ''));
  if (user === undefined) return refuseReview(body, response);
  respondJson(response, 201, { kind: 'SelfSubjectReview', status: { userInfo: user } });
}

export function respondJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'Content-Type': 'application/json' });
  response.end(JSON.stringify(body));
}
