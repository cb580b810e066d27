/** Owns the socket through which the API server reaches the world's issuers, and nothing else: what is not in the map can't be reached by accident. */
import { createServer, type IncomingMessage } from 'node:http';
import { connect, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';

/** `host:port` as the API server asks for it → where it really is. */
export type EgressMap = ReadonlyMap<string, { readonly host: string; readonly port: number }>;

export interface StartedEgress extends AsyncDisposable {
  readonly socket: string;
}

function refuse(client: Duplex, status: string): void {
  client.end(`HTTP/1.1 ${status}\r\n\r\n`);
}

function join(client: Duplex, upstream: Socket, head: Buffer): void {
  client.write('HTTP/1.1 200 OK\r\n\r\n');
  upstream.write(head);
  client.pipe(upstream).pipe(client);
}

/** Listens on a Unix socket and answers CONNECT (RFC 9110 §9.3.6). Disposing ends every tunnel. */
export async function startEgress(socket: string, map: EgressMap): Promise<StartedEgress> {
  const open = new Set<Duplex>();
  const track = (stream: Duplex): void => {
    open.add(stream);
    stream.once('close', () => open.delete(stream));
    // A tunnel may break on either side at any time; the other side sees the end.
    stream.on('error', () => stream.destroy());
  };
  const server = createServer((_request, response) => response.writeHead(405).end());
  server.on('connect', (request: IncomingMessage, client: Duplex, head: Buffer) => {
    track(client);
    const target = map.get(request.url ?? '');
    if (target === undefined) return refuse(client, '502 Not In This World');
    const upstream = connect(target);
    track(upstream);
    const nobodyThere = (): void => refuse(client, '502 Nobody There');
    upstream.once('error', nobodyThere);
    upstream.once('connect', () => {
      // From here on the client speaks with the far side; a word of ours would land in its TLS.
      upstream.off('error', nobodyThere);
      join(client, upstream, head);
    });
    client.once('close', () => upstream.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(socket, resolve);
  });
  return {
    socket,
    [Symbol.asyncDispose]: async () => {
      for (const stream of open) stream.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
