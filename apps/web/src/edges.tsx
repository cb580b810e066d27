/** What the page takes from the browser (network, clock, leaving, memory), handed in so that tests can stand in for it; it judges nothing. */
import { createContext, type ReactElement, type ReactNode, use } from 'react';

export interface Edges {
  readonly fetch: typeof globalThis.fetch;
  /** The browser's clock, in milliseconds since 1970. */
  readonly nowMs: () => number;
  /** Leaves this page for another document: the provider's sign-in or sign-out. */
  readonly openDocument: (url: string) => void;
  /** Where names of namespaces are remembered. Never a token. */
  readonly memory: Pick<Storage, 'getItem' | 'setItem'>;
}

/** The real browser. */
export const browserEdges: Edges = {
  fetch: (input, init) => globalThis.fetch(input, init),
  nowMs: () => Date.now(),
  openDocument: (url) => globalThis.location.assign(url),
  // Asked for each time: where the browser blocks storage, already naming it throws.
  memory: {
    getItem: (key) => globalThis.localStorage.getItem(key),
    setItem: (key, value) => globalThis.localStorage.setItem(key, value),
  },
};

const EdgesContext = createContext<Edges>(browserEdges);

export function EdgesProvider({ edges, children }: { edges: Edges; children: ReactNode }): ReactElement {
  return <EdgesContext value={edges}>{children}</EdgesContext>;
}

export function useEdges(): Edges {
  return use(EdgesContext);
}
