/** A stand-in for our server in component tests: answers by table, remembers what it was asked, and never guesses. */

export interface Reply {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

interface Asked {
  /** Method and path with query, as in `GET /config`. */
  readonly what: string;
  readonly headers: Headers;
  readonly body: string | null;
}

export interface StubServer {
  readonly fetch: typeof globalThis.fetch;
  readonly asked: readonly Asked[];
  /** What was asked and has no answer in the table: a test expects none. */
  readonly unanswered: readonly string[];
  /** Answers differently from now on. */
  readonly change: (replies: Readonly<Record<string, Reply>>) => void;
}

/** @param replies - by method and path without query; a path that ends in `*` answers for all that begin so, if no exact one does. */
export function stubServer(replies: Readonly<Record<string, Reply>>): StubServer {
  let table = replies;
  const asked: Asked[] = [];
  const unanswered: string[] = [];
  return {
    asked,
    unanswered,
    change: (more) => {
      table = { ...table, ...more };
    },
    fetch: async (input, init) => {
      const method = init?.method ?? 'GET';
      const what = `${method} ${String(input)}`;
      asked.push({
        what,
        headers: new Headers(init?.headers),
        body: typeof init?.body === 'string' ? init.body : null,
      });
      const plain = what.split('?')[0] ?? '';
      const reply = table[plain] ?? wildcard(table, plain);
      if (reply === undefined) {
        unanswered.push(what);
        throw new TypeError(`The stub has no answer for ${what}`);
      }
      return Response.json(reply.body ?? {}, { status: reply.status ?? 200, headers: reply.headers ?? {} });
    },
  };
}

function wildcard(table: Readonly<Record<string, Reply>>, plain: string): Reply | undefined {
  const fits = Object.keys(table).filter((key) => key.endsWith('*') && plain.startsWith(key.slice(0, -1)));
  const longest = fits.toSorted((one, other) => other.length - one.length)[0];
  return longest === undefined ? undefined : table[longest];
}

/** A 403 as an API server writes it. */
export function forbidden(message: string): Reply {
  return { status: 403, body: { kind: 'Status', status: 'Failure', reason: 'Forbidden', code: 403, message } };
}

/** A refusal as our server writes it. */
export function refusal(status: number, reason: string, message: string): Reply {
  return { status, headers: { 'Lamplighter-Reason': reason }, body: { reason, message } };
}
