/** Owns the socket people reach, in the clear or over TLS: its limits, upgrades, and an end that open streams cannot delay. */
import { createServer, type IncomingMessage, type Server, ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { errorCode } from '@lamplighter/proxy';
import type { ListenConfig } from '../config/server-config.ts';
import { HEADERS_MAX_BYTES, KEEP_ALIVE_TIMEOUT_MS, TLS_HANDSHAKE_TIMEOUT_MS } from '../constants.ts';
import type { EventLog } from '../log.ts';
import { StartupError } from '../startup-error.ts';
import { belowBasePath } from './base-path.ts';
import type { Door } from './door.ts';
import { createDrain } from './drain.ts';
import { lingerAfterAnswer } from './linger.ts';
import { answerUnreadable } from './unreadable.ts';

export interface Listener {
  /** With the port that was taken. An empty or wildcard address is written as 127.0.0.1, where a person here can reach it. */
  readonly url: string;
  /** Refuses new connections, lets the requests under way end, then cuts the rest. */
  close(): Promise<void>;
}

export interface ListenDeps {
  readonly door: Door;
  /** Answers WebSocket and SPDY requests, and CONNECT; the socket is closed after the answer. */
  readonly upgrade: Door;
  readonly basePath: string;
  readonly log: Pick<EventLog, 'refused' | 'failure' | 'handshakeFailed'>;
}

export async function listen(listenOn: ListenConfig, deps: ListenDeps): Promise<Listener> {
  const { door, upgrade, basePath, log } = deps;
  const server = createFor(listenOn, basePath);
  const drain = createDrain(server);
  const underWay = new WeakMap<Duplex, ServerResponse>();
  const answer = (incoming: IncomingMessage, outgoing: ServerResponse): void => {
    underWay.set(incoming.socket, outgoing);
    // Node loses what a client has sent after an upgrade that was passed over: no second request may wait for that.
    if (incoming.headers.upgrade !== undefined) outgoing.shouldKeepAlive = false;
    drain.watch(outgoing);
    lingerAfterAnswer(incoming, outgoing);
    enter(door, incoming, outgoing, log);
  };
  const answerAndClose = (incoming: IncomingMessage, socket: Duplex): void =>
    enter(upgrade, incoming, lastAnswerOn(socket, incoming), log);
  server.on('request', answer);
  // Otherwise Node would answer an expectation it does not know without our reason.
  server.on('checkExpectation', answer);
  server.on('upgrade', answerAndClose);
  server.on('connect', answerAndClose);
  const speaking = whoSpeaks(server, listenOn);
  server.on('clientError', (error, socket) => {
    // Plain http on the TLS port, a certificate that is not trusted, a scanner: nobody there could read an answer.
    if (!speaking(socket)) {
      log.handshakeFailed(error);
      return void socket.destroy();
    }
    const before = underWay.get(socket);
    // A second answer in the middle of a first one would be read as part of it.
    if (!socket.writable || (before?.headersSent === true && !before.writableFinished)) return void socket.destroy();
    const { refusal, status } = answerUnreadable(error, socket);
    log.refused(refusal, { method: '', route: '', status });
  });
  await bind(server, listenOn);
  // `listen` on a port always yields an AddressInfo.
  const { port } = server.address() as AddressInfo;
  const scheme = listenOn.tls === null ? 'http' : 'https';
  return { url: `${scheme}://${urlHost(listenOn.address)}:${port}`, close: drain.close };
}

function createFor({ tls }: ListenConfig, basePath: string): Server {
  const options = {
    maxHeaderSize: HEADERS_MAX_BYTES,
    keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS,
    // Judged in http/framing.ts, where the answer gets a reason.
    requireHostHeader: false,
    // Only what a cluster would upgrade is treated as a demand: not an offer of HTTP/2, and nothing outside the clusters.
    shouldUpgradeCallback: ({ headers, url }: IncomingMessage) =>
      belowBasePath(url ?? '', basePath)?.startsWith('/clusters/') === true &&
      /^(?:websocket|spdy\/)/i.test(headers.upgrade ?? ''),
  };
  if (tls === null) return createServer(options);
  // RFC 8996: what is older than 1.2 is broken.
  return createTlsServer({ ...options, ...tls, minVersion: 'TLSv1.2', handshakeTimeout: TLS_HANDSHAKE_TIMEOUT_MS });
}

/** Whether HTTP was ever spoken on a connection: over TLS, only once its handshake was over. */
function whoSpeaks(server: Server, { tls }: ListenConfig): (socket: Duplex) => boolean {
  if (tls === null) return () => true;
  const secured = new WeakSet<Duplex>();
  server.on('secureConnection', (socket: Duplex) => secured.add(socket));
  return (socket) => secured.has(socket);
}

function bind(server: Server, { port, address }: ListenConfig): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error) => reject(toStartupError(error, port, address)));
    server.listen({ port, ...(address === '' ? {} : { host: address }) }, resolve);
  });
}

function toStartupError(error: Error, port: number, address: string): Error {
  const code = errorCode(error);
  if (code === 'EADDRINUSE')
    return new StartupError(
      'port_in_use',
      `port ${port} is already in use; end the other program or choose another port with --port.`,
    );
  if (code === 'EACCES')
    return new StartupError('failed', `port ${port} may not be used by this user; choose one above 1023 with --port.`);
  if (code === 'EADDRNOTAVAIL')
    return new StartupError('failed', `${address} is no address of this machine; choose another with --listen-addr.`);
  return error;
}

function urlHost(address: string): string {
  if (address === '' || address === '0.0.0.0' || address === '::') return '127.0.0.1';
  return address.includes(':') ? `[${address}]` : address;
}

/** Whatever goes wrong in there ends this request, and never the process. */
function enter(door: Door, incoming: IncomingMessage, outgoing: ServerResponse, log: Pick<EventLog, 'failure'>): void {
  door(incoming, outgoing).catch((error: unknown) => {
    log.failure(error);
    outgoing.destroy();
  });
}

/** For a socket the HTTP server has let go of: it does not close it by itself, nor with its other connections. */
function lastAnswerOn(socket: Duplex, incoming: IncomingMessage): ServerResponse {
  // Whoever asked may be gone already; there is nobody to tell.
  socket.on('error', () => socket.destroy());
  const outgoing = new ServerResponse(incoming);
  outgoing.shouldKeepAlive = false;
  // The HTTP server hands its own socket over, TCP or TLS.
  outgoing.assignSocket(socket as Socket);
  // Attack this stops: a client that keeps its side open would hold the socket, and the server's end, for as long as it likes.
  outgoing.on('finish', () => socket.end(() => socket.destroy()));
  return outgoing;
}
