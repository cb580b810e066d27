/** Owns the end of the socket people reach: nobody new, a moment for who is there, then every connection is cut. */
import type { Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { CLOSE_GRACE_MS } from '../constants.ts';

export interface Drain {
  /** Told of every answer, so that its connection does not outlive it once the end has begun. */
  watch(outgoing: ServerResponse): void;
  close(): Promise<void>;
}

export function createDrain(server: Server): Drain {
  // All of them: the HTTP server forgets those it upgraded, and does not know those in a TLS handshake yet.
  const sockets = new Set<Socket>();
  const answering = new Set<ServerResponse>();
  let isClosing = false;
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  return {
    watch: (outgoing) => {
      answering.add(outgoing);
      outgoing.once('close', () => {
        answering.delete(outgoing);
        // Its headers may have promised to keep the connection before the end began.
        if (isClosing) setImmediate(() => server.closeIdleConnections());
      });
      if (isClosing) outgoing.shouldKeepAlive = false;
    },
    close: () => {
      isClosing = true;
      for (const outgoing of answering) outgoing.shouldKeepAlive = false;
      return new Promise((resolve) => {
        const cut = setTimeout(() => {
          for (const socket of sockets) socket.destroy();
        }, CLOSE_GRACE_MS);
        // Node closes those that are idle with it.
        server.close(() => {
          clearTimeout(cut);
          resolve();
        });
      });
    },
  };
}
