/** Carries one answer from the cluster to the client as it arrives: nothing is collected, and the slower side sets the pace. */
import type { ServerResponse } from 'node:http';
import type { Dispatcher } from 'undici';
import { toUpstreamFailure, type UpstreamFailure } from './failure.ts';
import { downstreamHeaders } from './headers.ts';

/** Why an upstream request is ended when nobody reads its answer any more. */
class ClientLeft extends Error {
  override readonly name = 'ClientLeft';
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
export class RelayResponse implements Dispatcher.DispatchHandler {
  readonly #response: ServerResponse;
  readonly #onFailure: (failure: UpstreamFailure) => void;
  #controller: Dispatcher.DispatchController | undefined;

  constructor(response: ServerResponse, onFailure: (failure: UpstreamFailure) => void) {
    this.#response = response;
    this.#onFailure = onFailure;
    response.once('close', () => {
      if (!response.writableFinished) this.#controller?.abort(new ClientLeft());
    });
    response.on('drain', () => this.#controller?.resume());
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    if (this.#response.destroyed) controller.abort(new ClientLeft());
  }

  onResponseStart(controller: Dispatcher.DispatchController, status: number): void {
    // 1xx answers are about this hop; Node has sent the client its own.
    if (status < 200) return;
    this.#response.writeHead(status, downstreamHeaders(toText(controller.rawHeaders)));
    // A watch answers its headers long before its first event; a list's headers share a packet with its body, so wait one tick.
    process.nextTick(() => {
      if (!this.#response.writableEnded) this.#response.flushHeaders();
    });
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (!this.#response.write(chunk)) controller.pause();
  }

  onResponseEnd(): void {
    this.#response.end();
  }

  onResponseError(_: unknown, error: Error): void {
    if (error instanceof ClientLeft || this.#response.destroyed) return;
    // Half an answer must look like half an answer: a clean end would turn a cut list into a short one.
    if (this.#response.headersSent) return void this.#response.destroy();
    // What a refused `writeHead` left behind would stand beside the status of whoever answers now.
    this.#response.statusMessage = '';
    try {
      this.#onFailure(toUpstreamFailure(error));
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
