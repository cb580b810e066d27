/** Owns requests to parts whose certificates a world's own authority signed: that authority is trusted, and no other. */
import { Agent, fetch, type RequestInit, type Response } from 'undici';

export interface TrustingFetch extends AsyncDisposable {
  fetch(url: string, init?: RequestInit): Promise<Response>;
}

/** @param ca PEM of the authority. Disposing closes every connection. */
export function trustingFetch(ca: string): TrustingFetch {
  const dispatcher = new Agent({ connect: { ca } });
  return {
    fetch: (url, init = {}) => fetch(url, { ...init, dispatcher }),
    [Symbol.asyncDispose]: () => dispatcher.destroy(),
  };
}
