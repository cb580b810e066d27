/** Owns the socket people reach: its limits, upgrades, and an end that open streams cannot delay. */
import { createServer, type IncomingMessage, type Server, ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { errorCode } from '@lamplighter/proxy';
import { CLOSE_GRACE_MS, HEADERS_MAX_BYTES, KEEP_ALIVE_TIMEOUT_MS } from '../constants.ts';
import type { EventLog } from '../log.ts';
import { StartupError } from '../startup-error.ts';
import type { Door } from './door.ts';
import { lingerAfterAnswer } from './linger.ts';
import { answerUnreadable } from './unreadable.ts';

export interface Listener {
  /** With the port that was taken. An empty or wildcard address is written as 127.0.0.1, where a person here can reach it. */
  readonly url: string;
  /** Refuses new requests, lets short ones end, then cuts the rest. */
  close(): Promise<void>;
}

/** @param upgrade - answers WebSocket and SPDY requests, and CONNECT; the socket is closed after the answer. */
export async function listen(
  listenOn: { port: number; address: string },
  door: Door,
  upgrade: Door,
  log: EventLog,
): Promise<Listener> {
  const server = createServer({
    maxHeaderSize: HEADERS_MAX_BYTES,
    keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS,
    // Judged in http/framing.ts, where the answer gets a reason.
    requireHostHeader: false,
    // Only what a cluster would upgrade is treated as a demand: not an offer of HTTP/2, and nothing outside the clusters.
    shouldUpgradeCallback: ({ headers, url }) =>
      (url ?? '').startsWith('/clusters/') && /^(?:websocket|spdy\/)/i.test(headers.upgrade ?? ''),
  });
  const underWay = new WeakMap<Duplex, ServerResponse>();
  const upgraded = new Set<Duplex>();
  const answer = (incoming: IncomingMessage, outgoing: ServerResponse): void => {
    underWay.set(incoming.socket, outgoing);
    // Node loses what a client has sent after an upgrade that was passed over: no second request may wait for that.
    if (incoming.headers.upgrade !== undefined) outgoing.shouldKeepAlive = false;
    lingerAfterAnswer(incoming, outgoing);
    enter(door, incoming, outgoing, log);
  };
  const answerAndClose = (incoming: IncomingMessage, socket: Duplex): void => {
    upgraded.add(socket);
    socket.once('close', () => upgraded.delete(socket));
    enter(upgrade, incoming, lastAnswerOn(socket, incoming), log);
  };
  server.on('request', answer);
  // Otherwise Node would answer an expectation it does not know without our reason.
  server.on('checkExpectation', answer);
  server.on('upgrade', answerAndClose);
  server.on('connect', answerAndClose);
  server.on('clientError', (error, socket) => {
    const before = underWay.get(socket);
    // A second answer in the middle of a first one would be read as part of it.
    if (!socket.writable || (before?.headersSent === true && !before.writableFinished)) return void socket.destroy();
    const { refusal, status } = answerUnreadable(error, socket);
    log.refused(refusal, { method: '', route: '', status });
  });
  await bind(server, listenOn);
  // `listen` on a port always yields an AddressInfo.
  const { port } = server.address() as AddressInfo;
  return { url: `http://${urlHost(listenOn.address)}:${port}`, close: () => close(server, upgraded) };
}

function bind(server: Server, { port, address }: { port: number; address: string }): Promise<void> {
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
function enter(door: Door, incoming: IncomingMessage, outgoing: ServerResponse, log: EventLog): void {
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
  // The HTTP server hands its own TCP socket over.
  outgoing.assignSocket(socket as Socket);
  // Attack this stops: a client that keeps its side open would hold the socket, and the server's end, for as long as it likes.
  outgoing.on('finish', () => socket.end(() => socket.destroy()));
  return outgoing;
}

function close(server: Server, upgraded: ReadonlySet<Duplex>): Promise<void> {
  return new Promise((resolve) => {
    const cut = setTimeout(() => {
      server.closeAllConnections();
      for (const socket of upgraded) socket.destroy();
    }, CLOSE_GRACE_MS);
    server.close(() => {
      clearTimeout(cut);
      resolve();
    });
    server.closeIdleConnections();
  });
}
