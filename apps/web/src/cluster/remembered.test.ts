import { describe, expect, it } from 'vitest';
import { type NamespaceName, parseNamespace } from './namespace-name.ts';
import { readRemembered, remember } from './remembered.ts';

function memory(start: Record<string, string> = {}): {
  getItem: (key: string) => string | null;
  setItem: (key: string, value: string) => void;
} {
  const items = new Map(Object.entries(start));
  return { getItem: (key) => items.get(key) ?? null, setItem: (key, value) => void items.set(key, value) };
}

function name(raw: string): NamespaceName {
  const parsed = parseNamespace(raw);
  if (parsed === null) throw new Error(`${raw} is no name`);
  return parsed;
}

describe('remembered namespaces', () => {
  it('are kept per cluster, latest first, each once, six at most', () => {
    const store = memory();
    for (const raw of ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'b']) remember(store, 'harbour', name(raw));
    expect(readRemembered(store, 'harbour')).toEqual(['b', 'g', 'f', 'e', 'd', 'c']);
    expect(readRemembered(store, 'lighthouse')).toEqual([]);
  });

  it.each(['not json', 'null', '{"a":1}', '[1,null,"../x","UPPER"]'])('are none where %s is stored', (raw) => {
    expect(readRemembered(memory({ 'lamplighter.namespaces.harbour': raw }), 'harbour')).toEqual([]);
  });

  it('are given up without a word where the browser refuses storage', () => {
    const refuse = (): never => {
      throw new DOMException('no', 'SecurityError');
    };
    const store = { getItem: refuse, setItem: refuse };
    remember(store, 'harbour', name('team-a'));
    expect(readRemembered(store, 'harbour')).toEqual([]);
  });
});
