import { describe, expect, test } from 'vitest';
import { parseClusterName } from '../brands.ts';
import { judgeSession, type SessionRecord } from './record.ts';
import { formatTicket, makeTicket, parseTicket } from './ticket.ts';
import { viewSession } from './view.ts';

const NOW = 1_800_000_000;
const cluster = parseClusterName('main');
if (cluster === undefined) throw new Error('main is a cluster name');

const record: SessionRecord = {
  version: 1,
  method: 'oidc',
  cluster,
  bearer: 'b',
  person: { username: 'ada', email: '', groups: [] },
  identity: null,
  createdAt: NOW,
  usedAt: NOW,
  expiresAt: NOW + 1_000,
  tokenExpiresAt: NOW + 500,
  idleTtlSeconds: 100,
};

describe('a session', () => {
  test('is live until the second before its first limit', () => {
    expect(judgeSession(record, NOW + 99)).toEqual({ ok: true, value: { record, idleExpiresAt: NOW + 100 } });
  });

  test.each([
    ['its idle limit', {}, 100, 'session_idle'],
    ['its token', { idleTtlSeconds: null }, 500, 'token_expired'],
    ['its absolute limit', { idleTtlSeconds: null, tokenExpiresAt: null }, 1_000, 'session_expired'],
  ] as const)('ends with %s, on the second', (_, changes, age, reason) => {
    const changed: SessionRecord = { ...record, ...changes };
    expect(judgeSession(changed, NOW + age - 1).ok).toBe(true);
    expect(judgeSession(changed, NOW + age)).toEqual({ ok: false, refusal: { reason, expiredAt: NOW + age } });
  });

  test('that passed several limits names the one it passed first', () => {
    expect(judgeSession(record, NOW + 5_000)).toMatchObject({ refusal: { reason: 'session_idle' } });
  });

  test('shows its limits and nothing it holds', () => {
    const live = judgeSession(record, NOW);
    if (!live.ok) throw new Error('it is live');
    expect(viewSession(live.value)).toEqual({
      method: 'oidc',
      expiresAt: NOW + 1_000,
      idleExpiresAt: NOW + 100,
      tokenExpiresAt: NOW + 500,
    });
  });
});

describe('a ticket', () => {
  const ticket = makeTicket(Uint8Array.from({ length: 48 }, (_, at) => at));
  const text = formatTicket(ticket);

  test('comes back as it was', () => {
    expect(parseTicket(text)).toEqual(ticket);
  });

  test('takes its id from the first 16 bytes and its key from the next 32', () => {
    expect(text).toBe(
      `1.${Buffer.from(Array.from({ length: 16 }, (_, at) => at)).toString('base64url')}.${Buffer.from(ticket.key).toString('base64url')}`,
    );
    expect(ticket.key[0]).toBe(16);
  });

  test.each([
    ['another version', text.replace('1.', '2.')],
    ['no key', text.split('.').slice(0, 2).join('.')],
    ['something after the key', `${text}.x`],
    ['a shorter key', text.slice(0, -4)],
    ['a longer id', text.replace('1.', '1.AAAA')],
    ['padding', `${text}=`],
    ['nothing', ''],
  ])('with %s is no ticket', (_, changed) => {
    expect(parseTicket(changed)).toBeUndefined();
  });
});
