import { describe, expect, it } from 'vitest';
import { type Answer, ask, type Question } from './ask.ts';
import { endsSession, mayPass, Refused } from './refused.ts';

/** Asks a server that gives one answer, and says how it was asked. */
async function askOne(
  reply: Response | Error,
  more: Partial<Question> = {},
): Promise<{ outcome: Answer | Refused; path: unknown; init: RequestInit }> {
  const seen: { path: unknown; init: RequestInit }[] = [];
  const outcome = await ask({
    path: '/clusters/harbour/me',
    fetch: async (path, init = {}) => {
      seen.push({ path, init });
      if (reply instanceof Error) throw reply;
      return reply;
    },
    ...more,
  }).catch((error: unknown) => {
    if (error instanceof Refused) return error;
    throw error;
  });
  const [first] = seen;
  if (first === undefined) throw new Error('nothing was asked');
  return { outcome, ...first };
}

describe('an answer', () => {
  it('comes with the clock of the server', async () => {
    const headers = { Date: 'Fri, 02 Jan 2026 03:04:05 GMT' };
    const { outcome } = await askOne(Response.json({ username: 'vera' }, { headers }));
    expect(outcome).toEqual({ body: { username: 'vera' }, serverTimeMs: Date.UTC(2026, 0, 2, 3, 4, 5) });
  });

  it('without a body is null', async () => {
    const { outcome } = await askOne(new Response(''));
    expect(outcome).toEqual({ body: null, serverTimeMs: null });
  });

  it('that is a web page is refused: something else answers there', async () => {
    const { outcome } = await askOne(new Response('<!doctype html>'));
    expect(outcome).toMatchObject({ status: 200, reason: 'not_json' });
  });
});

describe('a question', () => {
  it('goes to the same origin only, follows no redirect and is kept by no cache', async () => {
    const { init } = await askOne(Response.json({}));
    expect(init).toMatchObject({ credentials: 'same-origin', redirect: 'error', cache: 'no-store' });
    expect(init.method).toBeUndefined();
  });

  it('with something to say is a POST of JSON', async () => {
    const { init } = await askOne(Response.json({}), { post: { token: null } });
    expect(init).toMatchObject({ method: 'POST', body: '{"token":null}' });
    expect(new Headers(init.headers).get('Content-Type')).toBe('application/json');
  });

  it('may be a DELETE, which says nothing', async () => {
    const { init, outcome } = await askOne(new Response(null, { status: 204 }), { method: 'DELETE' });
    expect([init.method, init.body]).toEqual(['DELETE', undefined]);
    expect(outcome).toMatchObject({ body: null });
  });

  it('no longer wanted is no refusal', async () => {
    const aborted = new DOMException('gone', 'AbortError');
    await expect(askOne(aborted, { signal: AbortSignal.abort() })).rejects.toBe(aborted);
  });
});

describe('a refusal', () => {
  it('of our server carries its reason and sentence', async () => {
    const reply = Response.json({ reason: 'token_refused', message: 'It expired.' }, { status: 401 });
    expect((await askOne(reply)).outcome).toMatchObject({
      status: 401,
      reason: 'token_refused',
      message: 'It expired.',
    });
  });

  it('of the cluster carries the reason and message of its Status', async () => {
    const body = { kind: 'Status', reason: 'Forbidden', message: 'secrets is forbidden', code: 403 };
    const { outcome } = await askOne(Response.json(body, { status: 403 }));
    expect(outcome).toMatchObject({ status: 403, reason: 'Forbidden', message: 'secrets is forbidden' });
  });

  it('is read from our header before the body, which the cluster may have written', async () => {
    const headers = { 'Lamplighter-Reason': 'session_expired' };
    const reply = Response.json({ reason: 'Unauthorized', message: 'm' }, { status: 401, headers });
    expect((await askOne(reply)).outcome).toMatchObject({ reason: 'session_expired', isOurs: true });
  });

  it.each([
    ['with our header', { 'Lamplighter-Reason': 'session_expired' }, 401, true],
    ['without it, as a cluster answers', {}, 401, false],
    ['with it empty', { 'Lamplighter-Reason': '' }, 401, false],
    ['of another status', { 'Lamplighter-Reason': 'cross_site_write' }, 403, false],
  ])('%s ends a session: %s %i %s', async (_, headers, status, expected) => {
    const reply = Response.json({ reason: 'Unauthorized', message: 'm' }, { status, headers });
    expect(endsSession((await askOne(reply)).outcome)).toBe(expected);
  });

  it('of something in between still has a status and a sentence', async () => {
    const { outcome } = await askOne(new Response('<h1>Bad Gateway</h1>', { status: 502 }));
    expect(outcome).toMatchObject({ status: 502, reason: '', message: 'The answer was 502.' });
  });

  it('is also no answer at all', async () => {
    const { outcome } = await askOne(new TypeError('Failed to fetch'));
    expect(outcome).toMatchObject({ status: 0, reason: 'unreachable' });
  });

  it.each([
    [0, true],
    [500, true],
    [502, true],
    [401, false],
    [403, false],
    [404, false],
    [429, false],
  ])('with status %i may pass by itself: %s', (status, expected) => {
    expect(mayPass(new Refused(status, '', ''))).toBe(expected);
  });
});
