/** Owns everything that is sent to one cluster: people's requests, streamed, and short questions of our own. It knows no cookie. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { PassThrough } from 'node:stream';
import type { Dispatcher } from 'undici';
import { NO_TIMEOUT_MS, QUESTION_MAX_BYTES, QUESTION_TIMEOUT_MS } from './constants.ts';
import { Credential } from './credential.ts';
import { AnswerTooLong, toUpstreamFailure, type UpstreamFailure } from './failure.ts';
import { canonicalNames, upstreamHeaders } from './headers.ts';
import { createPool, DEFAULT_TIMEOUTS, type PoolTimeouts } from './pool.ts';
import { RelayResponse, type RunningExchange } from './relay-response.ts';
import { asksForWatch, isAnsweredByWorkload, type Upstream, type UpstreamPath } from './target.ts';

export interface ProxiedExchange {
  /** After an answer that came early, its rest is left unread and its connection open: both are their owner's. */
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly path: UpstreamPath;
  readonly credential: Credential;
  /** A UUID of ours; whatever the client sent under that name is dropped. */
  readonly auditId: string;
  /** Called at most once, when the client is sent the cluster's status; never after `onFailure`. */
  readonly onAnswer?: (status: number) => void;
  /** Called at most once, and only while no header has been sent: answer, then. If it throws, the client is cut off. */
  readonly onFailure: (failure: UpstreamFailure) => void;
}

/** A small JSON request of our own. */
export interface Question {
  readonly method: 'GET' | 'POST';
  readonly path: UpstreamPath;
  readonly credential: Credential;
  readonly auditId: string;
  readonly body: object;
}

export type Answer =
  | { readonly ok: true; readonly status: number; readonly body: unknown }
  | { readonly ok: false; readonly failure: UpstreamFailure };

export interface ClusterConnection {
  readonly upstream: Upstream;
  /** Streams a request up and its answer down. Returns at once. */
  forward(exchange: ProxiedExchange): RunningExchange;
  ask(question: Question): Promise<Answer>;
  /** Cuts every open stream to this cluster. */
  close(): Promise<void>;
}

export interface ConnectionOptions {
  /** Request headers by which a proxy before us says who somebody is, in any case: no cluster ever sees one. */
  readonly identityHeaders: readonly string[];
  /** Default: constants.ts. */
  readonly timeouts?: PoolTimeouts;
}

export function connectCluster(
  upstream: Upstream,
  { identityHeaders, timeouts = DEFAULT_TIMEOUTS }: ConnectionOptions,
): ClusterConnection {
  const pool = createPool(upstream, timeouts);
  const alsoDropped = canonicalNames(identityHeaders);
  return {
    upstream,
    forward: ({ request, response, path, credential, auditId, onAnswer, onFailure }) => {
      const authorization = Credential.authorizationHeader(credential);
      const options: Dispatcher.DispatchOptions = {
        path,
        // Node's parser admits only methods it knows; undici takes any token.
        method: (request.method ?? 'GET') as Dispatcher.HttpMethod,
        headers: upstreamHeaders(request.rawHeaders, { authorization, auditId }, alsoDropped),
        // undici destroys a body it does not need to the end, and with the request itself the client's connection would go.
        body: hasBody(request) ? request.pipe(new PassThrough()) : null,
        ...(isAnsweredByWorkload(path) ? { headersTimeout: NO_TIMEOUT_MS } : {}),
      };
      const isWatch = request.method === 'GET' && asksForWatch(path);
      const relay = new RelayResponse(response, {
        isWatch,
        onFailure,
        ...(onAnswer === undefined ? {} : { onAnswer }),
      });
      pool.dispatch(options, relay);
      return relay;
    },
    ask: async ({ method, path, credential, auditId, body }) => {
      try {
        const answer = await pool.request({
          method,
          path,
          headers: {
            authorization: Credential.authorizationHeader(credential),
            'audit-id': auditId,
            accept: 'application/json',
            'content-type': 'application/json',
          },
          body: method === 'GET' ? null : JSON.stringify(body),
          signal: AbortSignal.timeout(QUESTION_TIMEOUT_MS),
        });
        return { ok: true, status: answer.statusCode, body: await readJson(answer.body) };
      } catch (thrown) {
        return { ok: false, failure: toUpstreamFailure(thrown instanceof Error ? thrown : new Error(String(thrown))) };
      }
    },
    close: () => pool.destroy(),
  };
}

// RFC 9112, section 6.3: a request has a body exactly when it says how long it is.
function hasBody({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] !== undefined || (headers['content-length'] ?? '0') !== '0';
}

/** Undefined for what is not JSON; throws when it is longer than any honest answer. */
async function readJson(body: AsyncIterable<Buffer>): Promise<unknown> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.length;
    if (size > QUESTION_MAX_BYTES) throw new AnswerTooLong();
    chunks.push(chunk);
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8'));
  } catch {
    return undefined;
  }
}
