/** Carries one answer from the cluster to the client as it arrives: nothing is collected, and the slower side sets the pace. */
import type { ServerResponse } from 'node:http';
import type { Dispatcher } from 'undici';
import { END_GRACE_MS } from './constants.ts';
import { toUpstreamFailure, type UpstreamFailure } from './failure.ts';
import { downstreamHeaders } from './headers.ts';
import { endsAnEvent, isLinesOfJson, restOfEvent, UNAUTHORIZED_EVENT } from './watch-end.ts';

/** Why an upstream request is ended whose answer goes nowhere any more: its client left, or its session is over. */
class NobodyReads extends Error {
  override readonly name = 'NobodyReads';
}

/** A request on its way, as long as its client is sent anything. */
export interface RunningExchange {
  readonly ended: boolean;
  /**
   * Its session is over: nothing more of the cluster goes down. A JSON watch ends as the API server would end it, with a 401 in its
   * last event; everything else is cut, because half an answer must look like half an answer. Returns at once; the end comes within
   * `END_GRACE_MS`, however slowly the client reads.
   */
  end(): void;
  /** Called once, at once when it has ended already. */
  onEnd(listener: () => void): void;
}

export interface RelayOptions {
  /** Whether the request asked for one; what was answered is looked at as well. */
  readonly isWatch: boolean;
  readonly onAnswer?: (status: number) => void;
  readonly onFailure: (failure: UpstreamFailure) => void;
}

/**
 * Attack and accident this stops: a client that leaves while its answer is paused would keep a pooled connection paused for ever, and
 * soon no connection would be left. So the client's leaving always aborts upstream, paused or not.
 *
 * Trailers are not relayed: they are hop-by-hop for HTTP/1.1 clients that did not ask, and no Kubernetes API sends any. Nor is the reason
 * phrase: it means nothing (RFC 9110, section 15.1, HTTP/2 has none), and Node refuses to write some that others send.
 *
 * undici ends the request in whose callback something is thrown, save for `onResponseError`: from there it would end the process.
 */
export class RelayResponse implements Dispatcher.DispatchHandler, RunningExchange {
  readonly #response: ServerResponse;
  readonly #options: RelayOptions;
  #controller: Dispatcher.DispatchController | undefined;
  #endListeners: (() => void)[] = [];
  #ended = false;
  /** A watch that can end with an event: headers were sent, the answer is lines of JSON. */
  #isWatch = false;
  #betweenEvents = true;
  #grace: NodeJS.Timeout | undefined;

  constructor(response: ServerResponse, options: RelayOptions) {
    this.#response = response;
    this.#options = options;
    response.once('close', () => this.#close());
    response.on('drain', () => this.#controller?.resume());
  }

  get ended(): boolean {
    return this.#ended;
  }

  onEnd(listener: () => void): void {
    if (this.#ended) listener();
    else this.#endListeners.push(listener);
  }

  end(): void {
    if (this.#ended || this.#grace !== undefined) return;
    // What the cluster has finished may still wait for a slow client: it is cut as well.
    if (!this.#isWatch || this.#response.writableEnded) {
      this.#cut();
      return;
    }
    this.#grace = setTimeout(() => this.#cut(), END_GRACE_MS);
    if (this.#betweenEvents) this.#endWatch();
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    if (this.#response.destroyed) controller.abort(new NobodyReads());
  }

  onResponseStart(controller: Dispatcher.DispatchController, status: number): void {
    // 1xx answers are about this hop; Node has sent the client its own.
    if (status < 200) return;
    const headers = downstreamHeaders(toText(controller.rawHeaders));
    this.#response.writeHead(status, headers);
    this.#isWatch = this.#options.isWatch && isLinesOfJson(status, headers);
    this.#options.onAnswer?.(status);
    // A watch answers its headers long before its first event; a list's headers share a packet with its body, so wait one tick.
    process.nextTick(() => {
      if (!this.#response.writableEnded) this.#response.flushHeaders();
    });
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.#response.writableEnded) return;
    const rest = this.#isWatch && this.#grace !== undefined ? restOfEvent(chunk) : undefined;
    if (rest !== undefined) {
      this.#response.write(rest);
      this.#endWatch();
      return;
    }
    if (this.#isWatch) this.#betweenEvents = endsAnEvent(chunk);
    if (!this.#response.write(chunk)) controller.pause();
  }

  onResponseEnd(): void {
    if (!this.#response.writableEnded) this.#response.end();
  }

  #endWatch(): void {
    this.#response.end(UNAUTHORIZED_EVENT);
    this.#controller?.abort(new NobodyReads());
  }

  #cut(): void {
    this.#response.destroy();
    this.#controller?.abort(new NobodyReads());
  }

  #close(): void {
    this.#ended = true;
    clearTimeout(this.#grace);
    if (!this.#response.writableFinished) this.#controller?.abort(new NobodyReads());
    for (const listener of this.#endListeners) listener();
    this.#endListeners = [];
  }

  onResponseError(_: unknown, error: Error): void {
    if (error instanceof NobodyReads || this.#response.destroyed) return;
    // Half an answer must look like half an answer: a clean end would turn a cut list into a short one.
    if (this.#response.headersSent) return void this.#response.destroy();
    // What a refused `writeHead` left behind would stand beside the status of whoever answers now.
    this.#response.statusMessage = '';
    try {
      this.#options.onFailure(toUpstreamFailure(error));
    } catch {
      this.#response.destroy();
    }
  }
}

/** HTTP/1.1 hands headers over as bytes; each byte is a character (RFC 9110, section 5.5). */
function toText(raw: Dispatcher.DispatchController['rawHeaders']): string[] {
  if (!Array.isArray(raw)) return [];
  return raw.map((part) => (typeof part === 'string' ? part : part.toString('latin1')));
}
