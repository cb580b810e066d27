import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test, vi } from 'vitest';
import { METADATA_MAX_AGE_MS } from '../constants.ts';
import { respondJson } from '../testing/stub-cluster.ts';
import { oidcConfig } from './oidc.fixture.ts';
import type { OidcProvider } from './provider.ts';
import { createProviderAgent } from './provider-agent.ts';
import { createProviderSource, type DiscoveringSource } from './provider-source.ts';

interface SourceWorld extends AsyncDisposable {
  readonly issuer: string;
  readonly source: DiscoveringSource;
  readonly said: string[];
  /** How many questions came. */
  asked(): number;
  /** Answers the next questions. */
  respond: (response: ServerResponse) => unknown;
  readonly document: Record<string, unknown>;
  forward(ms: number): void;
}

async function startWorld(respond?: (response: ServerResponse) => unknown): Promise<SourceWorld> {
  let count = 0;
  let ms = 0;
  const said: string[] = [];
  const server = createServer((_, response) => {
    count++;
    world.respond(response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  // Listening on a port always yields an AddressInfo.
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}/idp`;
  const agent = createProviderAgent({ ca: null, skipTlsVerify: false });
  const document = {
    issuer,
    authorization_endpoint: `${issuer}/auth`,
    token_endpoint: `${issuer}/token`,
    jwks_uri: `${issuer}/keys`,
    code_challenge_methods_supported: ['S256'],
  };
  const answer = (response: ServerResponse): void => respondJson(response, 200, document);
  const edges = {
    fetch: agent.fetch,
    onProblem: (sentence: string) => void said.push(sentence),
    monotonicMs: () => ms,
  };
  const unstarted = { issuer, said, document, respond: respond ?? answer, asked: () => count };
  const world: SourceWorld = Object.assign(unstarted, {
    source: createProviderSource(oidcConfig({ issuer, clientId: 'lamp' }), edges),
    forward: (more: number) => {
      ms += more;
    },
    [Symbol.asyncDispose]: async () => {
      await world.source.close();
      await agent.close();
      server.close();
      server.closeAllConnections();
    },
  });
  return world;
}

async function providerOf({ source }: SourceWorld): Promise<OidcProvider> {
  const found = await source.get();
  if (!found.ok) throw new Error(found.refusal.reason);
  return found.value;
}

const unavailable = (response: ServerResponse): void => respondJson(response, 503, {});

test('a provider that is there is had with one question, and no further one for an hour', async () => {
  await using world = await startWorld();
  const results = await Promise.all([world.source.get(), world.source.get(), world.source.firstAnswer(5_000)]);
  for (const result of results) expect(result).toMatchObject({ ok: true });
  expect(world.source.initialised).toBe(true);
  world.forward(METADATA_MAX_AGE_MS - 1);
  expect((await world.source.get()).ok).toBe(true);
  expect(world.asked()).toBe(1);
});

test('a provider that comes late is found without anybody asking for it', async () => {
  await using world = await startWorld(unavailable);
  expect(await world.source.firstAnswer(5_000)).toMatchObject({ ok: false, lasting: false, error: 'HTTP_503' });
  expect(world.source.initialised).toBe(false);
  world.respond = (response) => respondJson(response, 200, world.document);
  await vi.waitUntil(() => world.source.initialised, { timeout: 4_000, interval: 10 });
  expect((await world.source.get()).ok).toBe(true);
  expect(world.said).toEqual([
    `The issuer ${world.issuer} answers 503 at ${world.issuer}/.well-known/openid-configuration; is the issuer URL complete?`,
  ]);
});

test('whoever wants to sign in asks at once, and a hundred of them ask one question', async () => {
  const held: ServerResponse[] = [];
  await using world = await startWorld((response) => held.push(response));
  const waiting = Promise.all(Array.from({ length: 100 }, () => world.source.get()));
  await vi.waitUntil(() => held.length === 1);
  for (const response of held) unavailable(response);
  const refusals = await waiting;
  expect(new Set(refusals.map((refusal) => JSON.stringify(refusal))).size).toBe(1);
  expect(refusals[0]).toEqual({ ok: false, refusal: { reason: 'provider_unreachable', error: 'HTTP_503' } });
  world.respond = (response) => respondJson(response, 200, world.document);
  expect((await world.source.get()).ok).toBe(true);
});

test('a provider that takes longer than the start may wait is still to come', async () => {
  const held: ServerResponse[] = [];
  await using world = await startWorld((response) => held.push(response));
  expect(await world.source.firstAnswer(1)).toBe('pending');
  expect(world.source.initialised).toBe(false);
});

test('a document of an hour ago is asked for again, while people sign in with what is known', async () => {
  await using world = await startWorld();
  const first = await providerOf(world);
  world.forward(METADATA_MAX_AGE_MS);
  expect(await providerOf(world)).toBe(first);
  await vi.waitUntil(() => world.asked() === 2);
  // The same document: the same provider, with the keys it has.
  expect(await providerOf(world)).toBe(first);

  world.document['authorization_endpoint'] = `${world.issuer}/moved`;
  world.forward(METADATA_MAX_AGE_MS);
  const known = await providerOf(world);
  await vi.waitUntil(async () => (await providerOf(world)) !== known);
  expect(world.asked()).toBe(3);
});

test.each([
  ['does not come', unavailable],
  [
    'names another issuer',
    (response: ServerResponse) => respondJson(response, 200, { issuer: 'https://evil.example' }),
  ],
])(
  'a newer document that %s changes nothing, is reported, and is not asked for by every request [C15]',
  async (_, respond) => {
    await using world = await startWorld();
    const first = await providerOf(world);
    world.respond = respond;
    world.forward(METADATA_MAX_AGE_MS);
    await world.source.get();
    await vi.waitUntil(() => world.said.length === 1);
    for (let time = 0; time < 5; time++) expect(await providerOf(world)).toBe(first);
    expect(world.asked()).toBe(2);
    expect(world.source.initialised).toBe(true);
  },
);

test('closing ends the asking, also in the middle of a question', async () => {
  const held: ServerResponse[] = [];
  const world = await startWorld((response) => held.push(response));
  await vi.waitUntil(() => held.length === 1);
  await world[Symbol.asyncDispose]();
  expect(world.said).toEqual([]);
  expect(world.asked()).toBe(1);
});
