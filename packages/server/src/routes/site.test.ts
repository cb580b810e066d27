import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { startTestServer, type TestServer } from '../testing/start.ts';

async function startWithSite(): Promise<TestServer> {
  const folder = mkdtempSync(join(tmpdir(), 'lamplighter-site-'));
  const site = join(folder, 'site');
  mkdirSync(join(site, 'assets'), { recursive: true });
  writeFileSync(join(site, 'index.html'), '<!doctype html><title>page</title>');
  writeFileSync(join(site, 'lamp.svg'), '<svg/>');
  writeFileSync(join(site, '.env'), 'SECRET=1');
  writeFileSync(join(site, 'assets', 'index-abc123.js'), 'export {};');
  writeFileSync(join(folder, 'outside.txt'), 'outside');
  symlinkSync(join(folder, 'outside.txt'), join(site, 'link.txt'));
  const world = await startTestServer({
    oidc: null,
    page: { staticDir: site, autoLogin: false, hideTokenLogin: false },
  });
  return {
    ...world,
    [Symbol.asyncDispose]: async () => {
      await world[Symbol.asyncDispose]();
      rmSync(folder, { recursive: true });
    },
  };
}

test('the page and its own addresses get the page, never kept, with a policy', async () => {
  await using world = await startWithSite();
  for (const path of ['/', '/c/main', '/c/prod.example.com?namespace=a', '/c/main/login', '/auth?cluster=main']) {
    const answer = await world.visitor().get(path);
    expect(answer).toMatchObject({
      status: 200,
      headers: {
        'content-type': 'text/html; charset=utf-8',
        'cache-control': 'no-store',
        'cross-origin-opener-policy': 'same-origin',
        'referrer-policy': 'no-referrer',
        'x-content-type-options': 'nosniff',
      },
    });
    const policy = String(answer.headers['content-security-policy']);
    for (const rule of ["default-src 'self'", "object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'"])
      expect(policy).toContain(rule);
  }
});

test.each([
  ['127.0.0.1:4466', 'http://127.0.0.1:4466/assets/'],
  ['localhost', 'http://localhost/assets/'],
  // Browsers know no such host in a policy with a path.
  ['[::1]:4466', "'self'"],
])('only the build’s own folder is code, not what a pod serves on the same origin: at %s', async (host, source) => {
  await using world = await startWithSite();
  const { headers } = await world.visitor().get('/', { host });
  expect(headers['content-security-policy']).toContain(`; script-src ${source}; style-src ${source};`);
});

test('files named by their content are kept for good; others are asked for again', async () => {
  await using world = await startWithSite();
  expect(await world.visitor().get('/assets/index-abc123.js')).toMatchObject({
    headers: {
      'content-type': 'text/javascript; charset=utf-8',
      'cache-control': 'public, max-age=31536000, immutable',
    },
  });
  expect(await world.visitor().get('/lamp.svg')).toMatchObject({
    body: '<svg/>',
    headers: { 'content-type': 'image/svg+xml', 'cache-control': 'no-store' },
  });
});

test('a file of an older build is missing, not a page', async () => {
  await using world = await startWithSite();
  expect(await world.visitor().get('/assets/index-old.js')).toMatchObject({
    status: 404,
    headers: { 'lamplighter-reason': 'not_found' },
  });
});

test.each([
  '/../outside.txt',
  '/..%2foutside.txt',
  '/%2e%2e/outside.txt',
  '/assets/../../outside.txt',
  '/..\\outside.txt',
  '/%2e%2e%5coutside.txt',
  '/link.txt',
  '/.env',
  '/%2eenv',
  '/assets/%00',
  '//etc/passwd',
  '/%2fetc%2fpasswd',
  '/assets/..%2f.env',
])('nothing outside the folder is served: %s', async (path) => {
  await using world = await startWithSite();
  const answer = await world.visitor().get(path);
  expect(answer.body).not.toMatch(/outside|SECRET|root:/);
});

test('HEAD is answered like GET, without the body; writes are not', async () => {
  await using world = await startWithSite();
  expect(await world.visitor().send({ method: 'HEAD', path: '/' })).toMatchObject({ status: 200, body: '' });
  expect(await world.visitor().send({ method: 'POST', path: '/' })).toMatchObject({
    status: 405,
    headers: { allow: 'GET, HEAD' },
  });
});

test.each(['/plugins/x/main.js', '/user-plugins/x/main.js', '/static-plugins/x/main.js'])(
  'a plugin’s file is no page: %s',
  async (path) => {
    await using world = await startWithSite();
    expect(await world.visitor().get(path)).toMatchObject({ status: 501, json: { reason: 'not_built' } });
    const headers = { 'sec-fetch-site': 'same-origin' };
    expect(await world.visitor().send({ method: 'DELETE', path, headers })).toMatchObject({ status: 501 });
  },
);

test.each(['/healthz', '/livez', '/readyz'])('%s answers whoever asks, and is no page', async (path) => {
  await using world = await startWithSite();
  expect(await world.visitor().get(path)).toMatchObject({ status: 200, json: { status: 'ok' } });
});

test('/config says which clusters there are, with a provider or without', async () => {
  await using world = await startTestServer();
  await using plain = await startTestServer({ oidc: null });
  expect((await world.visitor().get('/config')).json).toMatchObject({
    clusters: [{ name: 'main', auth_type: 'oidc', server: world.cluster.url }, { name: 'other' }],
    isDynamicClusterEnabled: false,
  });
  expect((await plain.visitor().get('/config')).json).toMatchObject({
    clusters: [{ auth_type: '' }, { auth_type: '' }],
  });
});

test('signing in to a cluster nobody knows, to two at once, or without a provider, is refused', async () => {
  await using world = await startTestServer();
  await using plain = await startTestServer({ oidc: null });
  expect(await world.visitor().get('/oidc?cluster=nope')).toMatchObject({
    status: 404,
    headers: { 'lamplighter-reason': 'cluster_unknown' },
  });
  expect(await world.visitor().get('/oidc')).toMatchObject({ status: 404 });
  expect(await world.visitor().get('/oidc?cluster=main&cluster=other')).toMatchObject({ status: 400 });
  expect(await plain.visitor().get('/oidc?cluster=main')).toMatchObject({
    status: 404,
    headers: { 'lamplighter-reason': 'login_not_configured' },
  });
});
