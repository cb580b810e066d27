import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { toIssuer } from '@lamplighter/auth-core';
import { describe, expect, test } from 'vitest';
import { StartupError } from '../startup-error.ts';
import { startStubProvider } from '../testing/stub-provider.ts';
import { type Discovered, discover, judgeMetadata } from './discovery.ts';
import { oidcConfig } from './oidc.fixture.ts';
import { openProvider } from './open-provider.ts';
import { createProviderAgent } from './provider-agent.ts';

const issuer = toIssuer('https://idp.example');
const document = {
  issuer: 'https://idp.example',
  authorization_endpoint: 'https://idp.example/auth',
  token_endpoint: 'https://idp.example/token',
  jwks_uri: 'https://idp.example/keys',
};
const judge = (changes: object, validatorIssuer: typeof issuer | null = null): Discovered =>
  judgeMetadata({ issuer, validatorIssuer }, JSON.stringify({ ...document, ...changes }), 'URL');

describe('a discovery document', () => {
  test('of the issuer is accepted, with whatever else it says [C15]', () => {
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
    ['no issuer', { issuer: undefined }, 'issuer is missing'],
    ['no token endpoint', { token_endpoint: undefined }, 'token_endpoint is missing or no https URL'],
    ['keys over plain http', { jwks_uri: 'http://idp.example/keys' }, 'jwks_uri is missing or no https URL'],
    ['a sign-in page that is a script', { authorization_endpoint: 'javascript:alert(1)' }, 'authorization_endpoint is'],
  ])('with %s cannot be mended by asking again [C15]', (_, changes, problem) => {
    expect(judge(changes)).toMatchObject({ ok: false, lasting: true, problem: expect.stringContaining(problem) });
  });

  test('may name another issuer only where the operator says what tokens must name [C15]', () => {
    expect(judge({ issuer: 'https://login.example' }, toIssuer('https://sts.example')).ok).toBe(true);
  });

  test('with a logout page that is a script has none', () => {
    const found = judge({ end_session_endpoint: 'javascript:alert(1)', userinfo_endpoint: 'http://idp.example/me' });
    expect(found).toMatchObject({ ok: true });
    expect(found.ok && [found.metadata.end_session_endpoint, found.metadata.userinfo_endpoint]).toEqual([
      undefined,
      undefined,
    ]);
  });

  test('that is no JSON may come from a provider that is still starting', () => {
    const found = judgeMetadata({ issuer, validatorIssuer: null }, '<html>', 'URL');
    expect(found).toMatchObject({ ok: false, lasting: false, error: 'NOT_JSON' });
  });
});

/** What is said of a provider that behaves so. */
async function discoverAt(respond: RequestListener): Promise<Discovered> {
  const server = createServer(respond);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  // Listening on a port always yields an AddressInfo.
  const { port } = server.address() as AddressInfo;
  const agent = createProviderAgent({ ca: null, skipTlsVerify: false });
  const asked = { issuer: toIssuer(`http://127.0.0.1:${port}/idp`), validatorIssuer: null };
  try {
    return await discover(asked, agent.fetch, new AbortController().signal);
  } finally {
    await agent.close();
    server.close();
    server.closeAllConnections();
  }
}

test.each<[string, RequestListener, string, RegExp]>([
  [
    'answers 404',
    (_, response) => void response.writeHead(404).end(),
    'HTTP_404',
    /^answers 404 at \S+openid-configuration; is the issuer URL complete\?$/,
  ],
  ['answers a page', (_, response) => void response.end('<html>'), 'NOT_JSON', /does not answer with JSON/],
  [
    'redirects',
    (_, response) => void response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end(),
    'HTTP_302',
    /^answers 302/,
  ],
  ['hangs up', (_, response) => void response.destroy(), 'UND_ERR_SOCKET', /^cannot be reached \(UND_ERR_SOCKET\)$/],
  [
    'answers without an end',
    (_, response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      const more = (): void => void response.write(' '.repeat(65_536), () => response.destroyed || more());
      more();
    },
    'PROVIDER_ANSWER_TOO_LARGE',
    /^answers with more than 1048576 bytes/,
  ],
])('a provider that %s may be asked again, and is told apart', async (_, respond, error, problem) => {
  const found = await discoverAt(respond);
  expect(found).toMatchObject({ ok: false, lasting: false, error });
  expect(found.ok || found.problem).toMatch(problem);
});

describe('a start', () => {
  const open = async (metadata: Record<string, unknown>, said: string[], changes = {}): Promise<string> => {
    await using stub = await startStubProvider();
    stub.metadata = metadata;
    try {
      const source = await openProvider(
        { ...oidcConfig(stub), ...changes },
        { onProblem: (sentence) => void said.push(sentence) },
      );
      await source.close();
      return source.initialised ? 'initialised' : 'waiting';
    } catch (error) {
      if (error instanceof StartupError) return `${error.exitCode} ${error.message}`;
      throw error;
    }
  };

  test('against a provider that calls itself otherwise ends in one sentence [C15]', async () => {
    const said: string[] = [];
    expect(await open({ issuer: 'https://evil.example' }, said)).toMatch(
      /^1 the issuer http:\S+ calls itself "https:\/\/evil.example" in its discovery document\.$/,
    );
    expect(said).toEqual([]);
  });

  test.each([
    ['does not list S256', { code_challenge_methods_supported: ['plain'] }, {}, 1],
    ['lists nothing', { code_challenge_methods_supported: undefined }, {}, 1],
    ['does not list S256, with PKCE off', { code_challenge_methods_supported: [] }, { usePkce: false }, 0],
    ['lists S256', {}, {}, 0],
  ])(
    'against a provider that %s goes on, and says where the protection then lies [C6]',
    async (_, metadata, changes, warnings) => {
      const said: string[] = [];
      expect(await open(metadata, said, changes)).toBe('initialised');
      expect(said.filter((sentence) => /PKCE.*state and nonce/.test(sentence)).length).toBe(warnings);
    },
  );

  test.each([
    [
      'signs with nothing but a shared secret',
      { id_token_signing_alg_values_supported: ['HS256', 'none'] },
      /nobody can sign in/,
    ],
    ['has no userinfo, which is wanted always', {}, /--oidc-userinfo=always has no effect/],
  ])('against a provider that %s goes on, and says what that means', async (_, metadata, sentence) => {
    const said: string[] = [];
    expect(await open(metadata, said, { userinfo: 'always' })).toBe('initialised');
    expect(said.join()).toMatch(sentence);
  });

  test('against nobody goes on, and says so', async () => {
    // A port that was free a moment ago.
    const gone = await startStubProvider();
    await gone[Symbol.asyncDispose]();
    const said: string[] = [];
    const source = await openProvider(oidcConfig(gone), { onProblem: (sentence) => void said.push(sentence) });
    expect(source.initialised).toBe(false);
    expect(await source.get()).toEqual({
      ok: false,
      refusal: { reason: 'provider_unreachable', error: 'ECONNREFUSED' },
    });
    expect(said).toEqual([`The issuer ${gone.issuer} refuses the connection; is it running, and is the port right?`]);
    await source.close();
  });
});
