import { expect, test } from 'vitest';
import { refused } from '../routes/exchange.ts';
import { auditLines, openDoor } from '../testing/door.ts';

test('every request has an id of its own, whatever id the client sent, and its answer says which', async () => {
  await using door = await openDoor();
  const ids = await Promise.all(
    [1, 2, 3].map(async () => {
      const { headers } = await door.visitor.get('/config', { 'audit-id': 'chosen', 'x-request-id': 'chosen' });
      return headers['audit-id'];
    }),
  );
  expect(new Set(ids).size).toBe(3);
  for (const id of ids) expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(door.seen.map(({ call }) => call)).toEqual(
    ids.map((requestId) => ({ requestId, route: '/config', verb: 'GET' })),
  );
});

test('a refusal carries the id too, and its lines can be found by it', async () => {
  await using door = await openDoor({ config: async () => refused({ reason: 'not_signed_in' }) });
  const { headers, status } = await door.visitor.get('/config');
  expect(status).toBe(401);
  const lines = door.logged.map((line) => JSON.parse(line));
  expect(lines.map(({ event, requestId, reason }) => [event, requestId, reason])).toEqual([
    ['refused', headers['audit-id'], 'not_signed_in'],
    ['audit', headers['audit-id'], 'not_signed_in'],
  ]);
});

test('a denial is one audit line: 401 and 403, and no other status', async () => {
  await using door = await openDoor();
  await door.visitor.get('/config', { host: 'evil.example' });
  await door.visitor.send({ method: 'POST', path: '/clusters/main/logout' });
  await door.visitor.get('/clusters/nope/me');
  await door.visitor.get('/nothing/%ff', { host: 'localhost' });
  expect(auditLines(door)).toMatchObject([
    { action: 'denied', reason: 'host_refused', status: 403, route: '/config', cluster: null, outcome: 'failure' },
    { action: 'denied', reason: 'cross_site_write', status: 403, route: '/clusters/{cluster}/logout', cluster: 'main' },
  ]);
});

test('a sign-in that fails without being denied is one audit line as well', async () => {
  await using door = await openDoor({
    loginCallback: async () => refused({ reason: 'id_token_refused', check: 'aud' }),
  });
  await door.visitor.get('/oidc-callback?code=c0de&state=st4te');
  expect(auditLines(door)).toMatchObject([
    {
      action: 'sign_in',
      outcome: 'failure',
      reason: 'id_token_refused',
      status: 502,
      route: '/oidc-callback',
      verb: 'GET',
    },
  ]);
});

test('a handler is given the handle, the query and the base path; the base path itself is the page', async () => {
  await using door = await openDoor({}, { basePath: '/lamp' });
  const headers = { 'sec-fetch-site': 'same-origin' };
  await door.visitor.send({ method: 'DELETE', path: '/lamp/clusters/main/sessions/h4ndle?a=b&a=c', headers });
  await door.visitor.get('/lamp');
  await door.visitor.get('/lamp?x=1');
  expect(door.seen.map(({ call, handle, query, origin }) => [call.route, handle, query, origin.basePath])).toEqual([
    [
      '/clusters/{cluster}/sessions/{handle}',
      'h4ndle',
      [
        ['a', 'b'],
        ['a', 'c'],
      ],
      '/lamp',
    ],
    ['/…', null, [], '/lamp'],
    ['/…', null, [['x', '1']], '/lamp'],
  ]);
});

test('below a base path nothing is answered outside it but the health of the process', async () => {
  await using door = await openDoor({}, { basePath: '/lamp' });
  for (const path of ['/', '/config', '/lampx', '/lampx/config', '/%6camp/config', '/clusters/main/me'])
    expect(await door.visitor.get(path)).toMatchObject({ status: 404, headers: { 'lamplighter-reason': 'not_found' } });
  for (const path of ['/healthz', '/livez', '/readyz', '/lamp/healthz'])
    expect((await door.visitor.get(path)).status).toBe(200);
});

test('the page that tells a person what went wrong leads back to the start page, below the base path too', async () => {
  await using root = await openDoor({ loginCallback: async () => refused({ reason: 'state_missing' }) });
  await using below = await openDoor(
    { loginCallback: async () => refused({ reason: 'state_missing' }) },
    { basePath: '/lamp' },
  );
  expect((await root.visitor.get('/oidc-callback')).body).toContain('<a href="/">');
  expect((await below.visitor.get('/lamp/oidc-callback')).body).toContain('<a href="/lamp/">');
});

test('only a connection from a trusted proxy is marked as one', async () => {
  await using trusting = await openDoor({}, { isTrustedProxy: () => true });
  await using wary = await openDoor();
  await trusting.visitor.get('/config');
  await wary.visitor.get('/config', { 'x-forwarded-for': '127.0.0.1' });
  expect([...trusting.seen, ...wary.seen].map(({ fromTrustedProxy }) => fromTrustedProxy)).toEqual([true, false]);
});

test('requests are counted by route and kind of status, and by no path a client wrote', async () => {
  const answered: unknown[] = [];
  let open = 0;
  const metrics = {
    answered: (request: { readonly route: string; readonly status: number | null }) => {
      answered.push([request.route, request.status]);
    },
    forwarding: () => {
      open += 1;
      return () => {
        open -= 1;
      };
    },
  };
  await using door = await openDoor({}, { metrics: { ...NO_METRICS, ...metrics } });
  await door.visitor.get('/config?secret');
  await door.visitor.get('/clusters/main/api/v1/secrets/x');
  await door.visitor.send({ method: 'POST', path: '/plugins' });
  await expect
    .poll(() => answered)
    .toEqual([
      ['/config', 200],
      ['/clusters/{cluster}/…', 200],
      ['/plugins', 405],
    ]);
  expect(open).toBe(0);
});

const NO_METRICS = {
  signedIn: () => undefined,
  refreshed: () => undefined,
  sessionsEnded: () => undefined,
  denied: () => undefined,
  read: async () => ({ contentType: '', text: '' }),
};
