/** Turns Node's request into a web `Request`, and a web `Response` into Node's answer. Only for answers of ours, which are small. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { PassThrough, Readable } from 'node:stream';

/** An origin for URLs that are only ever read for their path. */
const NOWHERE = 'http://lamplighter.invalid';

export function toRequest(incoming: IncomingMessage): Request {
  const method = incoming.method ?? 'GET';
  const headers = new Headers();
  for (let at = 0; at + 1 < incoming.rawHeaders.length; at += 2) {
    headers.append(incoming.rawHeaders[at] ?? '', incoming.rawHeaders[at + 1] ?? '');
  }
  // The path was matched raw before; here it only has to be a URL.
  const url = new URL(NOWHERE);
  if (method === 'GET' || method === 'HEAD') return new Request(url, { method, headers });
  // Node's types know only one of the two stream classes that are the same object at run time.
  const body = Readable.toWeb(bodyOf(incoming)) as ReadableStream<Uint8Array>;
  return new Request(url, { method, headers, body, duplex: 'half' });
}

/**
 * A handler that stops reading cancels its body; cancelled itself, Node's request would take the connection and our answer with it. A
 * client that leaves must end it all the same, or the handler would wait for ever.
 */
function bodyOf(incoming: IncomingMessage): Readable {
  const body = incoming.pipe(new PassThrough());
  incoming.once('close', () => {
    if (!incoming.complete) body.destroy();
  });
  return body;
}

/** @param more - headers that depend on the request and not on the answer. */
export async function sendResponse(
  response: Response,
  outgoing: ServerResponse,
  more: Readonly<Record<string, string>>,
): Promise<void> {
  const body = Buffer.from(await response.arrayBuffer());
  const headers: string[] = Object.entries(more).flat();
  for (const [name, value] of response.headers) headers.push(name, value);
  headers.push('content-length', String(body.length));
  outgoing.writeHead(response.status, headers);
  outgoing.end(body);
}
