import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { openDoor } from '../testing/door.ts';
import { createSiteHandler } from './site.ts';

const folder = mkdtempSync(join(tmpdir(), 'lamplighter-site-'));
afterAll(() => rmSync(folder, { recursive: true }));

const PAGE =
  '<!doctype html><meta name="lamplighter-base" content=""><link href="./lamp.svg"><script src="./assets/index-1.js"></script><a href="https://lamp.example/">';
const CODE = 'document.body.innerHTML = `<img src="./lamp.svg">`;';
mkdirSync(join(folder, 'assets'));
writeFileSync(join(folder, 'index.html'), PAGE);
writeFileSync(join(folder, 'lamp.svg'), '<svg><image href="./x.png"/></svg>');
writeFileSync(join(folder, 'assets', 'index-1.js'), CODE);

const openSite = (basePath: string) => {
  const site = createSiteHandler(folder);
  return openDoor({ site }, { basePath });
};

test.each(['', '/lamp', '/a/b'])(
  'with the base path %j the page finds its files and its base from every address',
  async (base) => {
    await using door = await openSite(base);
    for (const path of [
      `${base}/`,
      `${base}/c/main/login?next=%2F`,
      `${base}/auth?cluster=main`,
      `${base}/index.html`,
    ]) {
      const answer = await door.visitor.get(path);
      expect(answer).toMatchObject({ status: 200, headers: { 'content-type': 'text/html; charset=utf-8' } });
      expect(answer.body).toBe(
        `<!doctype html><meta name="lamplighter-base" content="${base}"><link href="${base}/lamp.svg"><script src="${base}/assets/index-1.js"></script><a href="https://lamp.example/">`,
      );
      expect(Number(answer.headers['content-length'])).toBe(Buffer.byteLength(answer.body));
    }
  },
);

test('the base path itself, without a slash at its end, is the page', async () => {
  await using door = await openSite('/lamp');
  expect((await door.visitor.get('/lamp')).body).toContain('content="/lamp"');
});

test('only the page is changed on its way, never a file', async () => {
  await using door = await openSite('/lamp');
  expect((await door.visitor.get('/lamp/assets/index-1.js')).body).toBe(CODE);
  expect((await door.visitor.get('/lamp/lamp.svg')).body).toBe('<svg><image href="./x.png"/></svg>');
});

test('the page’s policy allows the code below the base path, and its opener gets no hold on it', async () => {
  await using door = await openSite('/lamp');
  const { headers } = await door.visitor.get('/lamp/auth?cluster=main');
  expect(headers['content-security-policy']).toContain(`; script-src ${door.url}/lamp/assets/; `);
  expect(headers['cross-origin-opener-policy']).toBe('same-origin');
});

test('a file of the page is nothing outside the base path', async () => {
  await using door = await openSite('/lamp');
  for (const path of ['/', '/index.html', '/lamp.svg', '/assets/index-1.js'])
    expect((await door.visitor.get(path)).status).toBe(404);
});
