import { describe, expect, test } from 'vitest';
import { parseClusterName } from '../brands.ts';
import { judgeSession, type SessionRecord } from './record.ts';
import { formatTicket, makeTicket, parseTicket } from './ticket.ts';
import { viewSession } from './view.ts';

const NOW = 1_800_000_000;
const cluster = parseClusterName('main');
if (cluster === undefined) throw new Error('main is a cluster name');

const record: SessionRecord = {
  version: 2,
  method: 'oidc',
  cluster,
  bearer: 'b',
  bearerSince: NOW,
  person: { username: 'ada', email: '', groups: [], groupsIncomplete: false },
  identity: null,
  grant: null,
  createdAt: NOW,
  expiresAt: NOW + 1_000,
  tokenExpiresAt: NOW + 500,
  idleTtlSeconds: 100,
};

describe('a session', () => {
  test('is live until the second before its first limit', () => {
    expect(judgeSession(record, NOW, NOW + 99)).toEqual({
      ok: true,
      value: { record, usedAt: NOW, idleExpiresAt: NOW + 100 },
    });
  });

  test('that is used lasts its idle time anew, and never past its absolute limit [C28]', () => {
    const kept = { ...record, tokenExpiresAt: null };
    expect(judgeSession(kept, NOW + 950, NOW + 999)).toMatchObject({ value: { idleExpiresAt: NOW + 1_050 } });
    expect(judgeSession(kept, NOW + 950, NOW + 1_000)).toMatchObject({ refusal: { reason: 'session_expired' } });
  });

  test('whose bearer can be renewed outlives it', () => {
    const grant = { refreshToken: 'r', idToken: 'b', nonce: 'n', providerSession: null, failures: 0, retryAt: 0 };
    const renewable = { ...record, idleTtlSeconds: null, grant };
    expect(judgeSession(renewable, NOW, NOW + 999).ok).toBe(true);
    expect(judgeSession(renewable, NOW, NOW + 1_000)).toMatchObject({ refusal: { reason: 'session_expired' } });
    const spent = { ...renewable, grant: { ...grant, refreshToken: null } };
    expect(judgeSession(spent, NOW, NOW + 500)).toMatchObject({ refusal: { reason: 'token_expired' } });
  });

  test.each([
    ['its idle limit', {}, 100, 'session_idle'],
    ['its token', { idleTtlSeconds: null }, 500, 'token_expired'],
    ['its absolute limit', { idleTtlSeconds: null, tokenExpiresAt: null }, 1_000, 'session_expired'],
  ] as const)('ends with %s, on the second [C28]', (_, changes, age, reason) => {
    const changed: SessionRecord = { ...record, ...changes };
    expect(judgeSession(changed, NOW, NOW + age - 1).ok).toBe(true);
    expect(judgeSession(changed, NOW, NOW + age)).toEqual({ ok: false, refusal: { reason, expiredAt: NOW + age } });
  });

  test('that passed several limits names the one it passed first', () => {
    expect(judgeSession(record, NOW, NOW + 5_000)).toMatchObject({ refusal: { reason: 'session_idle' } });
  });

  test('shows its limits and nothing it holds', () => {
    const live = judgeSession(record, NOW, NOW);
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
