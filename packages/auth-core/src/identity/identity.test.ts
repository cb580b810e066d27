import { describe, expect, test } from 'vitest';
import { personFromClaims } from './from-claims.ts';
import { personFromReview } from './from-review.ts';

describe('a person named by claims', () => {
  const all = { preferred_username: 'p', upn: 'u', username: 'n', name: 'm', email: 'e', sub: 's' };

  test.each([
    ['preferred_username', {}, 'p'],
    ['upn', { preferred_username: undefined }, 'u'],
    ['username', { preferred_username: '', upn: undefined }, 'n'],
    ['name', { preferred_username: 1, upn: undefined, username: undefined }, 'm'],
    ['email', { preferred_username: null, upn: [], username: undefined, name: undefined }, 'e'],
    [
      'sub',
      { preferred_username: undefined, upn: undefined, username: undefined, name: undefined, email: undefined },
      's',
    ],
  ])('is called by %s when nothing before it is a name', (_, changes, username) => {
    expect(personFromClaims({ ...all, ...changes }).username).toBe(username);
  });

  test.each([
    ['groups', { groups: ['a', 'b'], realm_access: { roles: ['r'] } }, ['a', 'b']],
    ['a lone text in groups', { groups: 'a' }, ['a']],
    ['realm roles', { realm_access: { roles: ['r'] } }, ['r']],
    ['realm roles behind empty groups', { groups: [], realm_access: { roles: ['r'] } }, ['r']],
    ['nothing', { groups: { a: 1 } }, []],
    ['only the texts of a mixed list', { groups: ['a', 1, null, ''] }, ['a']],
  ])('has the groups of %s', (_, claims, groups) => {
    expect(personFromClaims(claims).groups).toEqual(groups);
  });

  test.each([undefined, null, 'text', 7, []])('of no shape has empty names: %j', (claims) => {
    expect(personFromClaims(claims)).toEqual({ username: '', email: '', groups: [] });
  });

  test('takes no name from a prototype', () => {
    expect(personFromClaims(Object.create({ preferred_username: 'inherited' })).username).toBe('');
  });
});

describe('a person named by the cluster', () => {
  test('has the name and groups of the review', () => {
    const review = { status: { userInfo: { username: 'system:serviceaccount:a:b', groups: ['g'] } } };
    expect(personFromReview(review)).toEqual({
      ok: true,
      value: { username: 'system:serviceaccount:a:b', email: '', groups: ['g'] },
    });
  });

  test.each([
    [
      'the anonymous user',
      { status: { userInfo: { username: 'system:anonymous', groups: ['system:unauthenticated'] } } },
    ],
    ['an empty name', { status: { userInfo: { username: '' } } }],
    ['no status', { kind: 'SelfSubjectReview' }],
    ['no JSON', undefined],
  ])('is nobody when the review holds %s', (_, review) => {
    expect(personFromReview(review)).toEqual({ ok: false, refusal: { reason: 'token_anonymous' } });
  });
});
