/** Connections that send bytes as written, for what no honest client sends. */
import { connect, type Socket } from 'node:net';

export function openRaw(url: string, text: string): Socket {
  // Half-open: its side stays open when the server has ended, as a client that means harm would leave it.
  const socket = connect({ port: Number(new URL(url).port), host: '127.0.0.1', allowHalfOpen: true });
  socket.on('error', () => socket.destroy());
  socket.write(text, 'latin1');
  return socket;
}

/**
 * Everything that is answered until the server ends its side.
 * @param more - what else happens on that connection.
 */
export async function rawAnswer(
  url: string,
  text: string,
  more: (socket: Socket) => void = () => undefined,
): Promise<string> {
  const socket = openRaw(url, text);
  more(socket);
  const chunks: Buffer[] = [];
  for await (const chunk of socket) chunks.push(chunk);
  socket.destroy();
  return Buffer.concat(chunks).toString('latin1');
}
