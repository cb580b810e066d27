import { afterEach, describe, expect, it } from 'vitest';
import { fetchBelow, pathBelow, readBasePath } from './base-path.ts';

afterEach(() => {
  document.head.replaceChildren();
});

describe('the base path', () => {
  it.each(['', '/lamp', '/tools/lamp-2', '/a.b/~c_d'])('is %j where the page says so', (basePath) => {
    const meta = document.createElement('meta');
    meta.name = 'lamplighter-base';
    meta.content = basePath;
    document.head.append(meta);
    expect(readBasePath(document)).toBe(basePath);
  });

  it('is the root where the page says nothing', () => {
    expect(readBasePath(document)).toBe('');
  });

  it.each([
    ['', '/c/a%2Fb', '/c/a%2Fb'],
    ['/lamp', '/lamp/c/a%2Fb', '/c/a%2Fb'],
    ['/lamp', '/lamp/', '/'],
    ['/lamp', '/lamp', '/'],
    ['/lamp', '/lamplight', null],
    ['/lamp', '/LAMP/c/a', null],
    ['/lamp', '/c/a', null],
  ])('%j turns the address %j into %j', (basePath, pathname, below) => {
    expect(pathBelow(basePath, pathname)).toBe(below);
  });

  it('stands before every question', async () => {
    const asked: string[] = [];
    const ask = fetchBelow('/lamp', async (path) => {
      asked.push(path);
      return new Response();
    });
    await ask('/config');
    expect(asked).toEqual(['/lamp/config']);
  });
});
