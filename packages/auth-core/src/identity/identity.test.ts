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
    expect(personFromClaims(claims)).toEqual({ username: '', email: '', groups: [], groupsIncomplete: false });
  });

  test('takes no name from a prototype', () => {
    expect(personFromClaims(Object.create({ preferred_username: 'inherited' })).username).toBe('');
    const paths = { usernamePaths: ['constructor', 'toString', '__proto__'], emailPaths: [], groupsPaths: [] };
    expect(personFromClaims({}, paths).username).toBe('');
  });

  test('is named where the operator says: the first path that yields something of the right type wins', () => {
    const paths = {
      usernamePaths: ['missing', 'number', "join('-', [given, family])", 'given'],
      emailPaths: ['emails[0].value'],
      groupsPaths: ['empty', '"cognito:groups"', 'given'],
    };
    const claims = {
      number: 7,
      given: 'Ada',
      family: 'L',
      empty: [],
      emails: [{ value: 'a@b' }],
      'cognito:groups': ['x', 'y'],
    };
    expect(personFromClaims(claims, paths)).toEqual({
      username: 'Ada-L',
      email: 'a@b',
      groups: ['x', 'y'],
      groupsIncomplete: false,
    });
  });

  test('is named all the same when an expression does not fit the claims', () => {
    const paths = {
      usernamePaths: ['length(number)', 'to_number(@)[0]'],
      emailPaths: ['max(@)'],
      groupsPaths: ['keys(s)'],
    };
    expect(personFromClaims({ number: 7, s: 'text', sub: 's' }, paths)).toEqual({
      username: 's',
      email: '',
      groups: [],
      groupsIncomplete: false,
    });
  });

  test.each([
    ['names where they could be asked for', { _claim_names: { groups: 'src1' }, _claim_sources: { src1: {} } }, true],
    ['says that there are some', { hasgroups: true }, true],
    ['lists them all the same', { _claim_names: { groups: 'src1' }, groups: ['g'] }, false],
    ['has other distributed claims', { _claim_names: { address: 'src1' } }, false],
    ['says that there are none', { hasgroups: false }, false],
    ['says nothing', {}, false],
  ])('has groups that are not in the token when it %s', (_, claims, incomplete) => {
    expect(personFromClaims(claims).groupsIncomplete).toBe(incomplete);
  });

  test('whose claims nest deeper than anybody reads is nobody', () => {
    const deep = `${'['.repeat(200_000)}${']'.repeat(200_000)}`;
    expect(personFromClaims({ sub: 's', deep: JSON.parse(deep) }).username).toBe('');
  });
});

describe('a person named by the cluster', () => {
  test('has the name and groups of the review', () => {
    const review = { status: { userInfo: { username: 'system:serviceaccount:a:b', groups: ['g'] } } };
    expect(personFromReview(review)).toEqual({
      ok: true,
      value: { username: 'system:serviceaccount:a:b', email: '', groups: ['g'], groupsIncomplete: false },
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
