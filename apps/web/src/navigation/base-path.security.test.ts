import { afterEach, describe, expect, it } from 'vitest';
import { readBasePath } from './base-path.ts';

afterEach(() => {
  document.head.replaceChildren();
});

describe('a base path that would send every question elsewhere', () => {
  it.each([
    '//evil.example',
    '/\\evil.example',
    'https://evil.example',
    'evil',
    '/lamp/',
    '/',
    '/lamp/../..',
    '/./lamp',
    '/a//b',
    '/a b',
    '/%2e%2e',
    '/lamp?x',
    '/lamp#x',
    '/{{base}}',
  ])('%j starts no page', (content) => {
    const meta = document.createElement('meta');
    meta.name = 'lamplighter-base';
    meta.content = content;
    document.head.append(meta);
    expect(() => readBasePath(document)).toThrow('The base path');
  });
});
