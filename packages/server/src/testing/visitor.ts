/** A browser as far as a server can tell: keeps cookies, says where a request comes from, follows nothing by itself. */
import { Agent, type IncomingHttpHeaders, request } from 'node:http';
import { text } from 'node:stream/consumers';

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly rawHeaders: readonly string[];
  readonly body: string;
  readonly json: unknown;
  /** `Set-Cookie` values. */
  readonly cookies: readonly string[];
}

export interface Sent {
  readonly method?: string;
  /** Sent as written. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  readonly body?: string | Uint8Array;
}

export class Visitor {
  readonly jar: Map<string, string> = new Map();
  readonly #url: URL;
  readonly #agent = new Agent({ keepAlive: false });

  constructor(url: string) {
    this.#url = new URL(url);
  }

  /** A navigation or a request of a tool: no fetch metadata. */
  get(path: string, headers: Sent['headers'] = {}): Promise<Answer> {
    return this.send({ path, headers });
  }

  /** What our own page's fetch sends. */
  post(path: string, body: unknown): Promise<Answer> {
    const headers = { 'content-type': 'application/json', 'sec-fetch-site': 'same-origin', origin: this.#url.origin };
    return this.send({ method: 'POST', path, headers, body: JSON.stringify(body) });
  }

  async send({ method = 'GET', path, headers = {}, body }: Sent): Promise<Answer> {
    const cookie = [...this.jar].map(([name, value]) => `${name}=${value}`).join('; ');
    const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) };
    const sent = request({
      host: this.#url.hostname,
      port: this.#url.port,
      method,
      path,
      agent: this.#agent,
      headers: { ...length, ...(cookie === '' ? {} : { cookie }), ...headers },
    });
    sent.end(body);
    const response = await new Promise<import('node:http').IncomingMessage>((resolve, reject) => {
      sent.once('response', resolve);
      sent.once('error', reject);
    });
    const received = await text(response);
    const cookies = response.headers['set-cookie'] ?? [];
    for (const set of cookies) this.#keep(set);
    return {
      status: response.statusCode ?? 0,
      headers: response.headers,
      rawHeaders: response.rawHeaders,
      body: received,
      json: parse(received),
      cookies,
    };
  }

  #keep(set: string): void {
    const [pair = '', ...attributes] = set.split('; ');
    const name = pair.slice(0, pair.indexOf('='));
    if (attributes.includes('Max-Age=0')) this.jar.delete(name);
    else this.jar.set(name, pair.slice(name.length + 1));
  }
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
