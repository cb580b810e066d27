/** Owns a load balancer that knows nothing: each request goes to the next of its servers, and to another one when that is gone. */
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';

export interface Front extends AsyncDisposable {
  /** The servers it takes in turn. */
  readonly servers: string[];
}

/** Listens at that address; an answer's body is passed on as it comes. */
export async function startFront(hostname: string, port: number, servers: readonly string[]): Promise<Front> {
  const state = { servers: [...servers] };
  let turn = 0;
  const pass = (incoming: IncomingMessage, outgoing: ServerResponse, body: Buffer, tries: number): void => {
    const target = state.servers[turn++ % state.servers.length];
    const { method, url, rawHeaders } = incoming;
    const sent = request(`${target}${url}`, {
      method: method ?? 'GET',
      headers: rawHeaders,
      setHost: false,
      agent: false,
    });
    sent.once('response', (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.rawHeaders);
      answer.pipe(outgoing);
    });
    sent.once('error', () => {
      if (outgoing.headersSent) outgoing.destroy();
      else if (tries > 1) pass(incoming, outgoing, body, tries - 1);
      else outgoing.writeHead(502).end();
    });
    outgoing.once('close', () => sent.destroy());
    sent.end(body);
  };
  const front = createServer(async (incoming, outgoing) => {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk);
    pass(incoming, outgoing, Buffer.concat(chunks), state.servers.length);
  });
  await new Promise<void>((resolve) => front.listen(port, hostname, resolve));
  return Object.assign(state, {
    [Symbol.asyncDispose]: () =>
      new Promise<void>((resolve) => {
        front.close(() => resolve());
        front.closeAllConnections();
      }),
  });
}
