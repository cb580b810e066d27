/**
 * The word between windows that a sign-in is done. It says for which cluster and nothing else, and whoever hears it asks the server
 * whether it is true: any script of this origin can say it.
 */
import type { Edges } from '../edges.tsx';

const CHANNEL = 'lamplighter-sign-in';

/** Headlamp's own frontend listens for this key and value. It names no cluster. */
const STORAGE_KEY = 'auth_status';
const STORAGE_VALUE = 'success';

/** Two ways, because a browser may block either: nothing is said by the one it blocks. */
export function sayWord(memory: Edges['memory'], cluster: string | null): void {
  unlessBlocked(() => {
    const channel = new BroadcastChannel(CHANNEL);
    channel.postMessage(cluster);
    channel.close();
  });
  unlessBlocked(() => {
    // Others hear of a change only, and the last sign-in left the same value.
    memory.removeItem(STORAGE_KEY);
    memory.setItem(STORAGE_KEY, STORAGE_VALUE);
  });
}

/**
 * @param onWord - a sign-in to this cluster may be done.
 * @returns what ends the listening.
 */
export function listenForWord(cluster: string, onWord: () => void): () => void {
  function onMessage({ data }: MessageEvent): void {
    if (data === cluster) onWord();
  }
  function onStorage({ key, newValue }: StorageEvent): void {
    if (key === STORAGE_KEY && newValue === STORAGE_VALUE) onWord();
  }
  let channel: BroadcastChannel | null = null;
  unlessBlocked(() => {
    channel = new BroadcastChannel(CHANNEL);
    channel.addEventListener('message', onMessage);
  });
  addEventListener('storage', onStorage);
  return () => {
    channel?.close();
    removeEventListener('storage', onStorage);
  };
}

function unlessBlocked(say: () => void): void {
  try {
    say();
  } catch {
    return;
  }
}
