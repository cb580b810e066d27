/** A proxy between two real servers of a test: an upstream it answers for, and a front that forwards to it. */
import { randomUUID } from 'node:crypto';
import { createServer, type RequestListener, type Server } from 'node:http';
import {
  type AddressInfo,
  connect,
  createServer as createTcpServer,
  type Socket,
  type Server as TcpServer,
} from 'node:net';
import { type ClusterConnection, connectCluster } from '../cluster-connection.ts';
import { Credential } from '../credential.ts';
import type { UpstreamFailure } from '../failure.ts';
import { DEFAULT_TIMEOUTS, type PoolTimeouts } from '../pool.ts';
import type { RunningExchange } from '../relay-response.ts';
import { parseUpstreamPath, type Upstream } from '../target.ts';

export interface Front extends AsyncDisposable {
  readonly url: string;
  readonly port: number;
  readonly connection: ClusterConnection;
  readonly upstream: Server;
  readonly failures: readonly UpstreamFailure[];
  /** The statuses that were passed on. */
  readonly answers: readonly number[];
  /** In the order they began. */
  readonly running: readonly RunningExchange[];
}

export interface FrontOptions {
  readonly timeouts?: Partial<PoolTimeouts>;
  /** In place of the upstream this module starts. */
  readonly target?: Upstream;
  readonly identityHeaders?: readonly string[];
}

export async function startFront(
  respond: RequestListener,
  { timeouts = {}, target, identityHeaders = [] }: FrontOptions = {},
): Promise<Front> {
  const failures: UpstreamFailure[] = [];
  const answers: number[] = [];
  const running: RunningExchange[] = [];
  const upstream = createServer(respond);
  const origin = `http://127.0.0.1:${await listen(upstream)}`;
  const connection = connectCluster(target ?? { origin, basePath: '', tls: { insecureSkipTlsVerify: false } }, {
    identityHeaders,
    timeouts: { ...DEFAULT_TIMEOUTS, ...timeouts },
  });
  const server = createServer((request, response) => {
    const path = parseUpstreamPath(request.url ?? '', '');
    if (path === undefined) return void response.writeHead(400).end();
    const onFailure = (failure: UpstreamFailure): void => {
      failures.push(failure);
      response.writeHead(502).end(failure.reason);
    };
    const onAnswer = (status: number): void => void answers.push(status);
    const own = { credential: new Credential('bearer'), auditId: randomUUID() };
    running.push(connection.forward({ request, response, path, ...own, onAnswer, onFailure }));
  });
  const port = await listen(server);
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    connection,
    upstream,
    failures,
    answers,
    running,
    [Symbol.asyncDispose]: async () => {
      await connection.close();
      await Promise.all([end(server), end(upstream)]);
    },
  };
}

export interface RawUpstream extends AsyncDisposable {
  readonly target: Upstream;
}

/** A server that answers every connection's first bytes with these, whatever they are, and closes it. */
export async function startRawUpstream(answer: Buffer): Promise<RawUpstream> {
  const server = createTcpServer((socket) => {
    socket.on('error', () => socket.destroy());
    socket.once('data', () => socket.end(answer));
  });
  const origin = `http://127.0.0.1:${await listen(server)}`;
  return {
    target: { origin, basePath: '', tls: { insecureSkipTlsVerify: false } },
    [Symbol.asyncDispose]: () => new Promise<void>((resolve) => void server.close(() => resolve())),
  };
}

export async function listen(server: TcpServer): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  // Listening on a port always yields an AddressInfo.
  return (server.address() as AddressInfo).port;
}

function end(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

/** A connection that sends bytes as written. */
export function rawRequest(port: number, text: string): Socket {
  const socket = connect(port, '127.0.0.1');
  socket.write(text);
  return socket;
}

/** Everything a raw request is answered, once the other side has closed. */
export async function rawAnswer(port: number, text: string): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of rawRequest(port, text)) chunks.push(chunk);
  return Buffer.concat(chunks).toString('latin1');
}
