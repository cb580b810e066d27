/** What the page takes from the browser (network, clock, windows, memory), handed in so that tests can stand in for it; it judges nothing. */
import { createContext, type ReactElement, type ReactNode, use } from 'react';
import { POPUP_HEIGHT_PX, POPUP_WIDTH_PX } from './constants.ts';
import { fetchBelow, type OwnFetch } from './navigation/base-path.ts';

export interface Edges {
  /** Below which everything of this server stands (navigation/base-path.ts); `''` at the root. */
  readonly basePath: string;
  readonly fetch: OwnFetch;
  /** The browser's clock, in milliseconds since 1970. */
  readonly nowMs: () => number;
  /** Leaves this page for another document: the provider's sign-in or sign-out. */
  readonly openDocument: (url: string) => void;
  /** Opens a small window beside this one; false when the browser blocked it. */
  readonly openWindow: (url: string) => boolean;
  /** Closes this window, if the browser lets the page do so: it does only where a page opened it. */
  readonly closeWindow: () => void;
  /** What every tab shares: names of namespaces, and the word that a sign-in is done. Never a token. */
  readonly memory: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;
  /** What ends with this tab: whether it was sent to sign in. Never a token. */
  readonly tabMemory: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;
}

/** The real browser. */
export function browserEdges(basePath: string): Edges {
  return {
    basePath,
    fetch: fetchBelow(basePath, (path, init) => globalThis.fetch(path, init)),
    nowMs: () => Date.now(),
    openDocument: (url) => globalThis.location.assign(url),
    openWindow,
    closeWindow: () => globalThis.close(),
    // Asked for each time: where the browser blocks storage, already naming it throws.
    memory: storage(() => globalThis.localStorage),
    tabMemory: storage(() => globalThis.sessionStorage),
  };
}

function openWindow(url: string): boolean {
  const features = `popup,width=${POPUP_WIDTH_PX},height=${POPUP_HEIGHT_PX}`;
  const opened = globalThis.open(url, '_blank', features);
  if (opened === null) return false;
  // Attack this stops: the provider's page could send ours elsewhere. `noopener` would too, but hides whether the window was blocked.
  opened.opener = null;
  return true;
}

function storage(get: () => Storage): Edges['memory'] {
  return {
    getItem: (key) => get().getItem(key),
    setItem: (key, value) => get().setItem(key, value),
    removeItem: (key) => get().removeItem(key),
  };
}

const EdgesContext = createContext<Edges | null>(null);

export function EdgesProvider({ edges, children }: { edges: Edges; children: ReactNode }): ReactElement {
  return <EdgesContext value={edges}>{children}</EdgesContext>;
}

export function useEdges(): Edges {
  const edges = use(EdgesContext);
  if (edges === null) throw new Error('No EdgesProvider stands above this component.');
  return edges;
}
