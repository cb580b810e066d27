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
  readonly jar: Map<string, string>;
  /** What a browser knows of a cookie beside its value; a planted one has none of it and goes everywhere. */
  readonly #attributes: Map<string, readonly string[]>;
  readonly #url: URL;
  readonly #agent = new Agent({ keepAlive: false });

  /** @param same - the same browser, at another replica's address. */
  constructor(url: string, same?: Visitor) {
    this.#url = new URL(url);
    this.jar = same?.jar ?? new Map();
    this.#attributes = same === undefined ? new Map() : same.#attributes;
  }

  /** A navigation or a request of a tool: no fetch metadata. */
  get(path: string, headers: Sent['headers'] = {}): Promise<Answer> {
    return this.send({ path, headers });
  }

  /** A navigation that another site caused, such as the way back from a provider: no Strict cookie travels with it. */
  arrive(path: string): Promise<Answer> {
    return this.get(path, { cookie: this.#cookies(path, (attributes) => !attributes.includes('SameSite=Strict')) });
  }

  /** A write by our own page's fetch without a body. */
  delete(path: string): Promise<Answer> {
    return this.send({ method: 'DELETE', path, headers: { 'sec-fetch-site': 'same-origin' } });
  }

  /** What our own page's fetch sends. */
  post(path: string, body: unknown): Promise<Answer> {
    const headers = { 'content-type': 'application/json', 'sec-fetch-site': 'same-origin', origin: this.#url.origin };
    return this.send({ method: 'POST', path, headers, body: JSON.stringify(body) });
  }

  async send({ method = 'GET', path, headers = {}, body }: Sent): Promise<Answer> {
    const cookie = this.#cookies(path, () => true);
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

  #cookies(path: string, travels: (attributes: readonly string[]) => boolean): string {
    const sent = [...this.jar].filter(([name]) => {
      const attributes = this.#attributes.get(name) ?? [];
      return travels(attributes) && isBelow(path, attributes);
    });
    return sent.map(([name, value]) => `${name}=${value}`).join('; ');
  }

  #keep(set: string): void {
    const [pair = '', ...attributes] = set.split('; ');
    const name = pair.slice(0, pair.indexOf('='));
    if (attributes.includes('Max-Age=0')) {
      this.jar.delete(name);
      this.#attributes.delete(name);
    } else {
      this.jar.set(name, pair.slice(name.length + 1));
      this.#attributes.set(name, attributes);
    }
  }
}

/** RFC 6265, section 5.1.4. */
function isBelow(target: string, attributes: readonly string[]): boolean {
  const [path = ''] = target.split('?');
  const limit = attributes.find((attribute) => attribute.startsWith('Path='))?.slice('Path='.length) ?? '/';
  return limit === '/' || path === limit || path.startsWith(`${limit}/`);
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
