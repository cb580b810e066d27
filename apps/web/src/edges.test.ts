import { expect, it } from 'vitest';
import { parseNamespace } from './cluster/namespace-name.ts';
import { readRemembered, remember } from './cluster/remembered.ts';

it('the page starts where the browser blocks storage, and remembers nothing', async () => {
  const usual = Object.getOwnPropertyDescriptor(globalThis, 'localStorage');
  Object.defineProperty(globalThis, 'localStorage', {
    configurable: true,
    get: () => {
      throw new DOMException('The operation is insecure.', 'SecurityError');
    },
  });
  try {
    const { memory } = (await import('./edges.tsx')).browserEdges('');
    const name = parseNamespace('team-a');
    if (name === null) throw new Error('team-a is a name');
    remember(memory, 'harbour', name);
    expect(readRemembered(memory, 'harbour')).toEqual([]);
  } finally {
    if (usual !== undefined) Object.defineProperty(globalThis, 'localStorage', usual);
  }
});
