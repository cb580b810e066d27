import { createServer, type RequestListener } from 'node:http';
import { toIssuer } from '@lamplighter/auth-core';
import { expect, test } from 'vitest';
import { StartupError } from '../startup-error.ts';
import { startTestServer } from '../testing/start.ts';
import { startStubProvider } from '../testing/stub-provider.ts';
import { discover, judgeMetadata } from './discovery.ts';

const issuer = toIssuer('https://idp.example');
const document = {
  issuer: 'https://idp.example',
  authorization_endpoint: 'https://idp.example/auth',
  token_endpoint: 'https://idp.example/token',
  jwks_uri: 'https://idp.example/keys',
};
const judge = (changes: object) => judgeMetadata(issuer, JSON.stringify({ ...document, ...changes }), 'URL');

test('a document of the issuer is accepted, with whatever else it says', () => {
  expect(judge({ authorization_response_iss_parameter_supported: true })).toMatchObject({
    ok: true,
    metadata: { authorization_response_iss_parameter_supported: true },
  });
});

test.each([
  ['another issuer', { issuer: 'https://evil.example' }, 'calls itself "https://evil.example"'],
  ['the issuer in capitals', { issuer: 'https://IDP.example' }, 'calls itself "https://IDP.example"'],
  ['the issuer with its port', { issuer: 'https://idp.example:443' }, 'calls itself'],
  ['the issuer with a slash more', { issuer: 'https://idp.example/' }, 'differ only in the slash at the end'],
  ['no token endpoint', { token_endpoint: undefined }, 'token_endpoint is missing or no https URL'],
  ['keys over plain http', { jwks_uri: 'http://idp.example/keys' }, 'jwks_uri is missing or no https URL'],
])('a document with %s ends the start at once', (_, changes, problem) => {
  expect(judge(changes)).toMatchObject({ ok: false, lasting: true, problem: expect.stringContaining(problem) });
});

test('a page that is no JSON may be a provider that is still starting', () => {
  expect(judgeMetadata(issuer, '<html>', 'URL')).toMatchObject({ ok: false, lasting: false });
});

test('a provider that starts late is waited for', async () => {
  await using provider = await startStubProvider();
  let asked = 0;
  const found = await discover(toIssuer(provider.issuer), {
    fetch: async (url, init) => {
      asked++;
      if (asked < 3)
        throw Object.assign(new TypeError('fetch failed'), {
          cause: Object.assign(new Error(), { code: 'ECONNREFUSED' }),
        });
      return fetch(url, init);
    },
  });
  expect(found.ok).toBe(true);
  expect(asked).toBe(3);
});

async function startAgainst(respond: RequestListener): Promise<string> {
  const server = createServer(respond);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  try {
    await using world = await startTestServer(
      { oidc: { issuer: toIssuer(`http://127.0.0.1:${port}/idp`) } },
      { discoveryDeadlineMs: 300 },
    );
    return world.url;
  } catch (error) {
    if (error instanceof StartupError) return `${error.exitCode} ${error.message}`;
    throw error;
  } finally {
    server.close();
    server.closeAllConnections();
  }
}

test.each<[string, RequestListener, RegExp]>([
  [
    'answers 404',
    (_, response) => void response.writeHead(404).end(),
    /^1 the issuer http:\S+ answers 404 at \S+openid-configuration; is the issuer URL complete\?/,
  ],
  ['answers a page', (_, response) => void response.end('<html>'), /does not answer with JSON/],
  [
    'redirects',
    (_, response) => void response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end(),
    /answers 302/,
  ],
  [
    'hangs up',
    (_, response) => void response.destroy(),
    /the issuer http:\S+ (?:closed the connection|cannot be reached)/,
  ],
  [
    'answers without an end',
    (_, response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      const more = (): void => void response.write(' '.repeat(65_536), () => response.destroyed || more());
      more();
    },
    /answers with more than 1048576 bytes/,
  ],
  ['never answers', () => undefined, /does not answer in time/],
])('a start against a provider that %s ends in one sentence', async (_, respond, said) => {
  expect(await startAgainst(respond)).toMatch(said);
});

test('a start against nobody names the issuer and the refused connection', async () => {
  // A port that was free a moment ago.
  const gone = await startStubProvider();
  await gone[Symbol.asyncDispose]();
  const started = startTestServer({ oidc: { issuer: toIssuer(gone.issuer) } }, { discoveryDeadlineMs: 200 });
  await expect(started).rejects.toThrow(`the issuer ${gone.issuer} refuses the connection`);
});
