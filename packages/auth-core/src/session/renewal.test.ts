import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseClusterName, toIssuer } from '../brands.ts';
import { REFRESH_LEAD_MAX_SECONDS, REFRESH_LEAD_MIN_SECONDS, REFRESH_PAUSE_MAX_SECONDS } from '../constants.ts';
import type { ProviderGrant, SessionRecord } from './record.ts';
import { judgeRenewal, postponeRenewal, refreshLead } from './renewal.ts';

const NOW = 1_800_000_000;
const cluster = parseClusterName('main');
if (cluster === undefined) throw new Error('main is a cluster name');

const grant: ProviderGrant = {
  refreshToken: 'r',
  idToken: 'b',
  nonce: 'n',
  providerSession: null,
  failures: 0,
  retryAt: 0,
};

const record: SessionRecord = {
  version: 2,
  method: 'oidc',
  cluster,
  bearer: 'b',
  bearerSince: NOW,
  tokenExpiresAt: NOW + 300,
  person: { username: 'ada', email: '', groups: [], groupsIncomplete: false },
  identity: { issuer: toIssuer('https://idp.example'), subject: '1' },
  grant,
  createdAt: NOW,
  expiresAt: NOW + 86_400,
  idleTtlSeconds: null,
};

describe('a bearer', () => {
  test.each([
    ['five minutes, thirty seconds before its end', 300, 30],
    ['an hour, one minute before its end', 3_600, 60],
    ['one minute, six seconds before its end', 60, 6],
    ['ten seconds, five seconds before its end', 10, 5],
    ['no time to speak of, at once', 3, 5],
  ])('that lives for %s is renewed', (_, life, lead) => {
    expect(refreshLead(life)).toBe(lead);
    const short = { ...record, tokenExpiresAt: NOW + life };
    if (life > lead) expect(judgeRenewal(short, NOW + life - lead - 1)).toBe('none');
    expect(judgeRenewal(short, NOW + Math.max(0, life - lead))).toBe('ahead');
    expect(judgeRenewal(short, NOW + life - 1)).toBe('ahead');
    expect(judgeRenewal(short, NOW + life)).toBe('needed');
  });

  test.each([
    ['was pasted', { grant: null }],
    ['came without a refresh token', { grant: { ...grant, refreshToken: null } }],
    ['names no end', { tokenExpiresAt: null }],
  ])('that %s is never renewed', (_, changes) => {
    for (const at of [0, 299, 300, 10_000]) expect(judgeRenewal({ ...record, ...changes }, NOW + at)).toBe('none');
  });

  test('is left alone while the provider is given a rest [C36]', () => {
    const resting = { ...record, grant: { ...grant, failures: 1, retryAt: NOW + 310 } };
    expect(judgeRenewal(resting, NOW + 290)).toBe('none');
    expect(judgeRenewal(resting, NOW + 300)).toBe('too_soon');
    expect(judgeRenewal(resting, NOW + 310)).toBe('needed');
  });
});

describe('a renewal that got no answer', () => {
  test('is tried again after pauses that double up to a minute [C36]', () => {
    const pauses: number[] = [];
    let tried = record;
    for (let at = 0; at < 8; at++) {
      tried = postponeRenewal(tried, NOW);
      pauses.push((tried.grant?.retryAt ?? 0) - NOW);
    }
    expect(pauses).toEqual([2, 4, 8, 16, 32, 60, 60, 60]);
    expect(tried).toEqual({ ...record, grant: { ...grant, failures: 8, retryAt: NOW + 60 } });
  });

  test('changes nothing of a session that cannot be renewed', () => {
    expect(postponeRenewal({ ...record, grant: null }, NOW)).toEqual({ ...record, grant: null });
  });
});

const records = fc
  .record({
    life: fc.integer({ min: 1, max: 1_000_000 }),
    retryIn: fc.integer({ min: -1_000, max: 1_000_000 }),
    failures: fc.nat(2_000),
    renewable: fc.boolean(),
  })
  .map(
    ({ life, retryIn, failures, renewable }): SessionRecord => ({
      ...record,
      tokenExpiresAt: NOW + life,
      grant: { ...grant, refreshToken: renewable ? 'r' : null, failures, retryAt: NOW + retryIn },
    }),
  );

const seconds = fc.integer({ min: 0, max: 1_100_000 });

describe('whatever the times', () => {
  test('a bearer is renewed ahead only within its lead, and only while it is good', () => {
    fc.assert(
      fc.property(records, seconds, (any, at) => {
        const left = (any.tokenExpiresAt ?? 0) - (NOW + at);
        const lead = refreshLead((any.tokenExpiresAt ?? 0) - any.bearerSince);
        if (judgeRenewal(any, NOW + at) !== 'ahead') return;
        expect(left).toBeGreaterThan(0);
        expect(left).toBeLessThanOrEqual(lead);
      }),
    );
  });

  test('a renewable bearer that has ended is never taken for good', () => {
    fc.assert(
      fc.property(records, seconds, (any, past) => {
        fc.pre(any.grant?.refreshToken !== null);
        expect(['needed', 'too_soon']).toContain(judgeRenewal(any, (any.tokenExpiresAt ?? 0) + past));
      }),
    );
  });

  test('a renewal, once it is due and the rest is over, stays due until it happens', () => {
    fc.assert(
      fc.property(records, seconds, seconds, (any, at, later) => {
        const [first, then] = [judgeRenewal(any, NOW + at), judgeRenewal(any, NOW + at + later)];
        if (first === 'ahead') expect(['ahead', 'needed']).toContain(then);
        if (first === 'needed') expect(then).toBe('needed');
        if (first === 'too_soon') expect(['too_soon', 'needed']).toContain(then);
      }),
    );
  });

  test('the lead grows with the life of a bearer, within its limits', () => {
    fc.assert(
      fc.property(fc.nat(10_000_000), fc.nat(10_000_000), (one, more) => {
        expect(refreshLead(one + more)).toBeGreaterThanOrEqual(refreshLead(one));
        expect(refreshLead(one)).toBeGreaterThanOrEqual(REFRESH_LEAD_MIN_SECONDS);
        expect(refreshLead(one)).toBeLessThanOrEqual(REFRESH_LEAD_MAX_SECONDS);
      }),
    );
  });

  test('after a failure nobody asks again within the pause, and the pause has an end [C36]', () => {
    fc.assert(
      fc.property(records, seconds, (any, at) => {
        const now = NOW + at;
        const later = postponeRenewal(any, now);
        const pause = (later.grant?.retryAt ?? 0) - now;
        expect(pause).toBeGreaterThan(0);
        expect(pause).toBeLessThanOrEqual(REFRESH_PAUSE_MAX_SECONDS);
        for (const moment of [now, now + pause - 1]) {
          expect(['none', 'too_soon']).toContain(judgeRenewal(later, moment));
        }
      }),
    );
  });
});
