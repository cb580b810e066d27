import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import { Credential } from './credential.ts';
import { canonicalNames, downstreamHeaders, upstreamHeaders } from './headers.ts';
import { parseUpstreamPath } from './target.ts';
import { rawAnswer, startFront } from './testing/front.ts';

const own = { authorization: 'Bearer ours', auditId: 'our-id' };
const names = (headers: readonly string[]): string[] =>
  headers.filter((_, at) => at % 2 === 0).map((name) => name.toLowerCase());

describe('a header smuggled to the cluster', () => {
  const SMUGGLED = [
    'Cookie',
    'COOKIE',
    'Cookie2',
    'Authorization',
    'aUTHORIZATION',
    'Proxy-Authorization',
    'Proxy_Authorization',
    'Host',
    'Impersonate-User',
    'impersonate-user',
    'IMPERSONATE-GROUP',
    'Impersonate-Uid',
    'Impersonate-Extra-scopes',
    'Impersonate-Extra-%2F',
    'Impersonate-Anything-New',
    'Impersonate_User',
    'impersonate_group',
    'Impersonate-',
    'X-Remote-User',
    'X-Remote-Group',
    'X-Remote-Extra-Foo',
    'X_Remote_User',
    'x_remote-group',
    'X-Forwarded-User',
    'X-Forwarded-Email',
    'X-Forwarded-Access-Token',
    'X-Forwarded-Id-Token',
    'X-Forwarded-Group',
    'X-Forwarded-Groups',
    'X_Forwarded_User',
    'X-Forwarded-For',
    'X-Forwarded-Host',
    'X-Forwarded-Proto',
    'Forwarded',
    'X-Real-Ip',
    'X-Auth-Request-User',
    'X-Original-Url',
    'X-Rewrite-Url',
    'X-Http-Method-Override',
    'Origin',
    'Referer',
    'Sec-WebSocket-Protocol',
    'Sec-Fetch-Site',
    'Audit-Id',
    'Kubeconfig',
    'X-Headlamp-User-Id',
    'Connection',
    'Keep-Alive',
    'Proxy-Connection',
    'TE',
    'Trailer',
    'Transfer-Encoding',
    'Transfer_Encoding',
    'Upgrade',
    'Expect',
    'HTTP2-Settings',
    'Remote-User',
    'Remote-Groups',
    'X-Method-Override',
    'X-HTTP-Method',
    'X-Original-Forwarded-For',
    'True-Client-IP',
    'X-Client-IP',
    'X-Cluster-Client-IP',
    'Client-IP',
    'CF-Connecting-IP',
    'Content_Length',
    'X_Anything',
  ];

  test.each(SMUGGLED)('%s does not get through [C38, C39, C40, C42]', (name) => {
    const sent = upstreamHeaders([name, 'smuggled', 'Accept', 'application/json'], own);
    expect(sent).toEqual(['Accept', 'application/json', 'authorization', 'Bearer ours', 'audit-id', 'our-id']);
  });

  test('whatever Connection names is dropped with it, in any case and any number [C42]', () => {
    const received = [
      'Connection',
      'close, X-Secret',
      'connection',
      'x-other',
      'X-SECRET',
      '1',
      'X-Other',
      '2',
      'X-Kept',
      '3',
    ];
    expect(names(upstreamHeaders(received, own))).toEqual(['x-kept', 'authorization', 'audit-id']);
  });

  test.each(['X-Company-User', 'x-company-user', 'X_Company_User', 'x-company_user', 'X-Company-Groups'])(
    '%s, by which a proxy before us is configured to speak, does not get through [C38]',
    (name) => {
      const identity = canonicalNames(['X-Company-User', 'x_company_groups']);
      const sent = upstreamHeaders([name, 'root', 'X-Company-Users', 'kept'], own, identity);
      expect(names(sent)).toEqual(['x-company-users', 'authorization', 'audit-id']);
    },
  );

  test('a configured identity header stays away over a real connection [C38]', async () => {
    await using front = await startFront(
      (incoming, response) => void response.end(JSON.stringify(incoming.rawHeaders)),
      { identityHeaders: ['x-company-user'] },
    );
    const answer = await rawAnswer(
      front.port,
      'GET / HTTP/1.1\r\nHost: x\r\nX-COMPANY-USER: root\r\nX_Company_User: root\r\nX-Kept: yes\r\nConnection: close\r\n\r\n',
    );
    expect(answer).toContain('X-Kept');
    expect(answer).not.toContain('root');
  });

  test('Connection cannot name our own bearer away', () => {
    expect(names(upstreamHeaders(['Connection', 'authorization, audit-id'], own))).toEqual([
      'authorization',
      'audit-id',
    ]);
  });

  test('over a real connection the cluster sees one bearer, ours, and one request [C38, C39, C40]', async () => {
    await using front = await startFront((incoming, response) => {
      response.end(JSON.stringify([incoming.url, ...incoming.rawHeaders]));
    });
    const answer = await rawAnswer(
      front.port,
      'GET /a HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer a\r\nauthorization: Bearer b\r\nCookie: t=1\r\nImpersonate-User: root\r\n' +
        'Impersonate_User: root\r\nX-Kept: yes\r\nConnection: close\r\n\r\n',
    );
    expect(answer).toMatch(/"X-Kept","yes","authorization","Bearer bearer","audit-id","[0-9a-f-]{36}"/);
    expect(answer).not.toMatch(/root|Bearer a|Bearer b"|t=1/);
  });

  test.each([
    ['two lengths', 'Content-Length: 5\r\nContent-Length: 6'],
    ['a length and chunks', 'Content-Length: 5\r\nTransfer-Encoding: chunked'],
    ['chunks by a trick', 'Transfer-Encoding: xchunked'],
    ['a space before the colon', 'Content-Length : 5'],
  ])('a request with %s never reaches the cluster [C42]', async (_, header) => {
    let reached = 0;
    await using front = await startFront((__, response) => {
      reached++;
      response.end();
    });
    const answer = await rawAnswer(
      front.port,
      `POST / HTTP/1.1\r\nHost: x\r\n${header}\r\nConnection: close\r\n\r\nhello`,
    );
    expect(answer).toMatch(/^HTTP\/1\.1 400/);
    expect(reached).toBe(0);
  });
});

describe('a header smuggled to the browser', () => {
  test.each([
    'Set-Cookie',
    'set-cookie',
    'Set_Cookie',
    'Set-Cookie2',
    'Clear-Site-Data',
    'WWW-Authenticate',
    'Proxy-Authenticate',
    'Alt-Svc',
    'Strict-Transport-Security',
    'Public-Key-Pins',
    'Public-Key-Pins-Report-Only',
    'NEL',
    'Report-To',
    'Reporting-Endpoints',
    'Service-Worker-Allowed',
    'Access-Control-Allow-Origin',
    'Access-Control-Allow-Credentials',
    'Lamplighter-Reason',
    'X-Accel-Redirect',
    'X-Sendfile',
    'Connection',
    'Keep-Alive',
    'Transfer-Encoding',
    'Trailer',
    'Upgrade',
    'Cache-Control',
    'Expires',
    'Pragma',
    'Surrogate-Control',
    'CDN-Cache-Control',
    'No-Vary-Search',
    'X-Content-Type-Options',
    'Content-Security-Policy',
    'Content-Security-Policy-Report-Only',
    'Refresh',
    'Link',
    'Speculation-Rules',
    'Accept-CH',
    'Critical-CH',
    'Set-Login',
    'Activate-Storage-Access',
    'Use-As-Dictionary',
    'Origin-Agent-Cluster',
    'Origin-Trial',
    'SourceMap',
    'X-SourceMap',
    'X-DNS-Prefetch-Control',
    'X-Permitted-Cross-Domain-Policies',
    'Timing-Allow-Origin',
    'Cross-Origin-Opener-Policy',
    'Cross-Origin-Resource-Policy',
    'Cross-Origin-Embedder-Policy',
    'Attribution-Reporting-Register-Source',
    'Sec-Session-Registration',
    'Secure-Session-Registration',
  ])('%s does not get through [C42, C45]', (name) => {
    expect(downstreamHeaders([name, 'smuggled'])).toEqual([
      'Cache-Control',
      'no-store',
      'X-Content-Type-Options',
      'nosniff',
      'Content-Security-Policy',
      'sandbox',
    ]);
  });

  test('a page a pod serves gets an origin of its own, whatever policy it brings [C45]', () => {
    const sent = downstreamHeaders(['Content-Type', 'text/html', 'Content-Security-Policy', 'default-src *']);
    expect(sent.slice(-2)).toEqual(['Content-Security-Policy', 'sandbox']);
  });

  test.each([
    ['public, max-age=31536000, immutable', [], 'no-store'],
    ['public, max-age=31536000, immutable', ['ETag', '"a"'], 'private, no-cache'],
    ['s-maxage=60', ['etag', '"a"'], 'private, no-cache'],
    ['no-store', ['ETag', '"a"'], 'no-store'],
  ])('one person’s answer in a cache that people share: %s with %j becomes %s [C45]', (given, more, sent) => {
    const headers = downstreamHeaders(['Cache-Control', given, ...more]);
    expect(headers.filter((_, at) => headers[at - 1]?.toLowerCase() === 'cache-control')).toEqual([sent]);
    expect(headers.includes('Cookie, Authorization')).toBe(sent !== 'no-store');
  });

  test('over a real connection a cookie of the cluster stays away [C45]', async () => {
    await using front = await startFront((_, response) => {
      response.writeHead(200, { 'Set-Cookie': ['a=1', 'b=2'], 'Lamplighter-Reason': 'fake', 'X-Kept': 'yes' });
      response.end();
    });
    const sent = get(front.url);
    const [answer] = (await once(sent, 'response')) as [IncomingMessage];
    await text(answer);
    expect(answer.headers).toMatchObject({ 'x-kept': 'yes', 'content-security-policy': 'sandbox' });
    expect(answer.headers['set-cookie']).toBeUndefined();
    expect(answer.headers['lamplighter-reason']).toBeUndefined();
  });
});

describe('a path', () => {
  test.each([
    '/api/v1/pods?watch=1&fieldSelector=a%3Db',
    '//api//v1',
    '/api/../apis/./x',
    '/api/%2e%2e/%2F/%64',
    '/api/v1/namespaces/a/services/https:b:443/proxy/?x=1?y=2',
    '/a\'b"c<d>e{f}|g^h`i~j;k=l,m',
    '/%00%0d%0a',
    '/%zz',
  ])('%s goes up as it is written', async (raw) => {
    await using front = await startFront((incoming, response) => response.end(incoming.url));
    const answer = await rawAnswer(front.port, `GET ${raw} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
    expect(answer.split('\r\n\r\n')[1]).toBe(raw);
  });

  test.each([
    '\\evil',
    '/a\\b',
    '/a#b',
    '/a b',
    '/a\tb',
    '/a\u0000',
    '/a\r\nX: y',
    '/é',
    'http://evil.example/',
    'evil',
    '*',
    '@evil.example/',
  ])('%j is not passed on [C43]', (raw) => {
    expect(parseUpstreamPath(raw, '')).toBeUndefined();
  });

  test.each([
    ['', '/'],
    ['?a=1', '/?a=1'],
    ['/', '/'],
  ])('%j means %j', (raw, path) => {
    expect(parseUpstreamPath(raw, '')).toBe(path);
  });

  test('comes after the base path of the cluster', () => {
    expect(parseUpstreamPath('/api', '/k8s/clusters/c-1')).toBe('/k8s/clusters/c-1/api');
  });

  test.each([
    '/..',
    '/../x',
    '/a/../../b',
    '/%2e%2e/x',
    '/.%2E/x',
    '/a/%2e%2E',
    '/./x',
    '/../?x',
    '/..%2fx',
    '/%2e%2e%2fx',
    '/%2E%2E%5Cx',
    '/a/..%5cx',
    '/..;/x',
    '/..;a=b/x',
    '/..%3b/x',
    '/%252e%252e/x',
    '/..%25252fx',
    '/%25252525252e%25252525252e/x',
  ])('%s does not climb out of a base path [C43]', (raw) => {
    expect(parseUpstreamPath(raw, '/k8s/clusters/c-1')).toBeUndefined();
    expect(parseUpstreamPath(raw, '')).toBe(raw);
  });

  test('may hold dots that climb nowhere below a base path', () => {
    for (const raw of ['/a..b', '/...', '/a.', '/.well-known/x', '/a?b=/../c', '/a%2Fb;c', '/%zz', '/a%25b']) {
      expect(parseUpstreamPath(raw, '/base')).toBe(`/base${raw}`);
    }
  });
});

test('a credential shows that it is there and nothing else, however it is printed', () => {
  const credential = new Credential('s3cret');
  for (const printed of [
    `${credential}`,
    JSON.stringify({ credential }),
    inspect({ credential }, { showHidden: true, depth: 9 }),
    String(credential),
  ]) {
    expect(printed).not.toContain('s3cret');
    expect(printed.toLowerCase()).toContain('credential');
  }
  expect(Object.getOwnPropertyNames(credential)).toEqual([]);
});
