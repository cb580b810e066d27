/** Owns what a browser keeps between requests, for tests that have no browser. */
import { fetch, type RequestInit, type Response } from 'undici';

export class CookieJar {
  readonly cookies: Map<string, string> = new Map();
  readonly #url: string;

  constructor(url: string) {
    this.#url = url;
  }

  /** The `Cookie` header. */
  get header(): string {
    return [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  }

  /** @param target - a path, or a whole address. Redirects are not followed. */
  async ask(target: string, init: RequestInit = {}): Promise<Response> {
    const headers = { cookie: this.header, origin: this.#url, 'content-type': 'application/json', ...init.headers };
    const response = await fetch(new URL(target, this.#url), { redirect: 'manual', ...init, headers });
    for (const set of response.headers.getSetCookie()) {
      const [pair = '', ...attributes] = set.split('; ');
      const name = pair.slice(0, pair.indexOf('='));
      if (attributes.includes('Max-Age=0')) this.cookies.delete(name);
      else this.cookies.set(name, pair.slice(name.length + 1));
    }
    return response;
  }
}
