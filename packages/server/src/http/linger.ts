/** Owns what is left of a request when its answer is complete: it is read for a while, then the connection is closed. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { LINGER_CHECK_MS, LINGER_MAX_BYTES, LINGER_MAX_MS } from '../constants.ts';

/**
 * A cluster answers 413 in the middle of an upload. Left unread, the rest would block the client's connection for ever; closed at once,
 * the reset would overtake the answer (RFC 9112, section 9.6). If the rest is short the connection serves the next request as well.
 */
export function lingerAfterAnswer(incoming: IncomingMessage, outgoing: ServerResponse): void {
  outgoing.once('finish', () => {
    const { socket } = incoming;
    if (incoming.complete || socket.destroyed) return;
    const lastByte = socket.bytesRead + LINGER_MAX_BYTES;
    const end = performance.now() + LINGER_MAX_MS;
    const watch = setInterval(() => {
      if (incoming.complete || socket.destroyed) clearInterval(watch);
      else if (socket.bytesRead > lastByte || performance.now() > end) socket.destroy();
    }, LINGER_CHECK_MS);
    // Whoever was reading has had what they wanted.
    incoming.unpipe();
    incoming.resume();
  });
}
