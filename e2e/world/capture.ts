/** Owns a listener at the second registered redirect address: it catches the code of a sign-in and holds the browser until it is told to go on. */
import { createServer } from 'node:http';

export interface CaughtCode {
  readonly code: string;
  /** The callback's whole query, with its `?`. */
  readonly query: string;
  /** Sends the waiting browser to another callback, with the same query. */
  goOn(callback: string): void;
}

export interface Capture extends AsyncDisposable {
  readonly caught: Promise<CaughtCode>;
}

/** Listens at the address until disposed. */
export async function startCapture(captureUrl: string): Promise<Capture> {
  const { hostname, port, pathname } = new URL(captureUrl);
  const { promise: caught, resolve } = Promise.withResolvers<CaughtCode>();
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', captureUrl);
    const code = url.searchParams.get('code');
    if (url.pathname !== pathname || code === null) {
      response.writeHead(404).end();
      return;
    }
    const goOn = (callback: string): void => {
      response.writeHead(302, { location: `${callback}${url.search}` }).end();
    };
    resolve({ code, query: url.search, goOn });
  });
  await new Promise<void>((listening, failed) => {
    server.once('error', failed);
    server.listen(Number(port), hostname, listening);
  });
  return {
    caught,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}
