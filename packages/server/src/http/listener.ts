/** Owns the socket people reach: its limits, upgrades, and an end that open streams cannot delay. */
import { createServer, type IncomingMessage, type Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { errorCode } from '@lamplighter/proxy';
import { CLOSE_GRACE_MS, HEADERS_MAX_BYTES, KEEP_ALIVE_TIMEOUT_MS } from '../constants.ts';
import { StartupError } from '../startup-error.ts';
import type { Door } from './door.ts';

export interface Listener {
  /** With the port that was taken. An empty or wildcard address is written as 127.0.0.1, where a person here can reach it. */
  readonly url: string;
  /** Refuses new requests, lets short ones end, then cuts the rest. */
  close(): Promise<void>;
}

/** @param upgrade - answers WebSocket and SPDY requests; the socket is closed after the answer. */
export async function listen(
  listenOn: { port: number; address: string },
  door: Door,
  upgrade: Door,
): Promise<Listener> {
  const server = createServer({
    maxHeaderSize: HEADERS_MAX_BYTES,
    keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS,
    // An offer of HTTP/2 is no demand: only what a cluster would upgrade is treated as one.
    shouldUpgradeCallback: ({ headers }) => /^(?:websocket|spdy\/)/i.test(headers.upgrade ?? ''),
  });
  server.on('request', (incoming, outgoing) => void door(incoming, outgoing));
  server.on('upgrade', (incoming, socket) => void answerUpgrade(incoming, socket, upgrade));
  await bind(server, listenOn);
  // `listen` on a port always yields an AddressInfo.
  const { port } = server.address() as AddressInfo;
  return { url: `http://${urlHost(listenOn.address)}:${port}`, close: () => close(server) };
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

async function answerUpgrade(incoming: IncomingMessage, socket: Duplex, upgrade: Door): Promise<void> {
  // Whoever asked may be gone already; there is nobody to tell.
  socket.on('error', () => socket.destroy());
  const outgoing = new ServerResponse(incoming);
  outgoing.shouldKeepAlive = false;
  // The HTTP server hands its own TCP socket over.
  outgoing.assignSocket(socket as import('node:net').Socket);
  outgoing.on('finish', () => socket.end());
  await upgrade(incoming, outgoing);
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    const cut = setTimeout(() => server.closeAllConnections(), CLOSE_GRACE_MS);
    server.close(() => {
      clearTimeout(cut);
      resolve();
    });
    server.closeIdleConnections();
  });
}
