import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { type RequestOptions, request } from 'node:https';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { makeCertificate } from './testing/certificate.ts';
import { linesOf, signInWithToken, startTestServer } from './testing/start.ts';

const tls = await makeCertificate();

async function askOverTls(url: string, options: RequestOptions, body = ''): Promise<IncomingMessage> {
  const sent = request(url, { ca: tls.cert, agent: false, ...options });
  sent.end(body);
  const [answer] = (await once(sent, 'response')) as [IncomingMessage];
  return answer;
}

test('a server that speaks TLS itself signs people in with cookies for https only, whatever headers say [C24]', async () => {
  await using world = await startTestServer({ listen: { port: 0, address: '127.0.0.1', tls }, oidc: null });
  expect(world.url).toMatch(/^https:/);
  world.cluster.users.set('t0ken', { username: 'ada', groups: [] });
  const headers = { 'content-type': 'application/json', origin: world.url, 'x-forwarded-proto': 'http' };
  const signIn = { method: 'POST', headers };
  const answer = await askOverTls(`${world.url}/clusters/main/set-token`, signIn, '{"token":"t0ken"}');
  answer.resume();
  expect(answer.statusCode).toBe(200);
  const cookies = answer.headers['set-cookie'] ?? [];
  expect(cookies.length).toBeGreaterThan(0);
  for (const cookie of cookies) {
    expect(cookie).toMatch(/^__Host-lamplighter-.*; Path=\/; Max-Age=\d+; HttpOnly; SameSite=(Strict|Lax); Secure$/);
  }
  const cookie = cookies.map((value) => value.split(';')[0]).join('; ');
  const me = await askOverTls(`${world.url}/clusters/main/me`, { headers: { cookie } });
  expect(JSON.parse(await text(me))).toMatchObject({ username: 'ada' });
});

test('a slow request of the cluster is answered in full although the server has begun to close', async () => {
  await using world = await startTestServer({ oidc: null });
  const { promise: asked, resolve } = Promise.withResolvers<() => void>();
  world.cluster.respond = (_, response) => resolve(() => void response.end('in full'));
  const sent = get(`${world.url}/clusters/main/api`, { headers: { authorization: 'Bearer abc' } });
  const answered = once(sent, 'response');
  const answerIt = await asked;
  const closed = world.server.close();
  answerIt();
  const [answer] = (await answered) as [IncomingMessage];
  expect(await text(answer)).toBe('in full');
  await closed;
  expect(linesOf(world, 'stopped').length).toBe(1);
});

test('metrics are told when they are switched on, below the base path, and are no page otherwise', async () => {
  await using counting = await startTestServer({ oidc: null, metrics: true, basePath: '/lamp' });
  await using silent = await startTestServer({ oidc: null });
  const ada = counting.visitor();
  counting.cluster.users.set('t0ken', { username: 'ada', groups: [] });
  await ada.post('/lamp/clusters/main/set-token', { token: 't0ken' });
  await ada.get('/lamp/clusters/nope/me');
  await counting.visitor().get('/lamp/clusters/main/me');
  const { body } = await ada.get('/lamp/metrics');
  expect(body).toContain('lamplighter_sign_ins_total{method="token"} 1');
  expect(body).toContain('lamplighter_denials_total{reason="not_signed_in"} 1');
  expect(body).toContain('{route="/clusters/{cluster}/set-token",status="2xx"} 1');
  expect(body).not.toMatch(/ada|nope|"main"/);
  expect((await silent.visitor().get('/metrics')).status).toBe(404);
});

test('every Set-Cookie of a sign-in, however large the token, is no longer than browsers keep [C25]', async () => {
  await using world = await startTestServer({ oidc: null });
  const answer = await signInWithToken(world, world.visitor(), 'a'.repeat(20_000));
  expect(answer.status).toBe(200);
  expect(answer.cookies.length).toBeGreaterThan(0);
  for (const cookie of answer.cookies) expect(Buffer.byteLength(cookie)).toBeLessThanOrEqual(4_096);
});
