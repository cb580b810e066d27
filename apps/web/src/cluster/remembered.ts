/** The namespaces somebody entered by hand, per cluster. Names only: nothing that opens anything. */
import { list, text } from '../api/json.ts';
import { NAMESPACES_REMEMBERED } from '../constants.ts';
import { type NamespaceName, parseNamespace } from './namespace-name.ts';

type Memory = Pick<Storage, 'getItem' | 'setItem'>;

const key = (cluster: string): string => `lamplighter.namespaces.${cluster}`;

/** Latest first; whatever else stands there is ignored. */
export function readRemembered(memory: Memory, cluster: string): readonly NamespaceName[] {
  try {
    const names: unknown = JSON.parse(memory.getItem(key(cluster)) ?? '[]');
    return list(names).flatMap((name) => parseNamespace(text(name) ?? '') ?? []);
  } catch {
    return [];
  }
}

/** Puts a name first. Where the browser refuses storage, nothing is remembered and nothing breaks. */
export function remember(memory: Memory, cluster: string, name: NamespaceName): void {
  const names = [name, ...readRemembered(memory, cluster).filter((other) => other !== name)];
  try {
    memory.setItem(key(cluster), JSON.stringify(names.slice(0, NAMESPACES_REMEMBERED)));
  } catch {
    return;
  }
}
