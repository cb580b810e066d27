import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { basePath, expressions, scopes } from './values.ts';

describe('scopes', () => {
  test.each([
    ['profile,email', ['openid', 'profile', 'email']],
    ['', ['openid']],
    [' openid , email ,, email ', ['openid', 'email']],
    ['groups', ['openid', 'groups']],
    ['openid,email', ['openid', 'email']],
    ['email profile', ['openid', 'email', 'profile']],
    [
      '6dae42f8-4368-4678-94ff-3960e28e3630/user.read,openid',
      ['openid', '6dae42f8-4368-4678-94ff-3960e28e3630/user.read'],
    ],
  ])('%j become %j', (list, expected) => {
    expect(scopes.parse(list)).toEqual(expected);
  });

  const scope = fc.stringMatching(/^[!#-+\--[\]-~]+$/);
  const gap = fc.stringMatching(/^ {0,3},? {0,3},$/);

  test('begin with openid, are there once each, in their order, and nothing is lost', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(scope, gap)), (given) => {
        const list = given.map(([name, after]) => name + after).join('');
        const read = scopes.parse(list);
        expect(read[0]).toBe('openid');
        expect(new Set(read).size).toBe(read.length);
        const asked = [...new Set(given.map(([name]) => name))].filter((name) => name !== 'openid');
        expect(read.slice(1)).toEqual(asked);
      }),
    );
  });

  test('of any text are refused or made of scope characters alone; nothing is thrown', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (list) => {
        const read = scopes.safeParse(list);
        if (read.success) for (const name of read.data) expect(name).toMatch(/^[\x21\x23-\x5b\x5d-\x7e]+$/);
        else expect(list).toMatch(/[^\x20-\x7e]|["\\]/);
      }),
    );
  });
});

describe('paths of expressions', () => {
  test.each([
    ['groups,realm_access.roles', ['groups', 'realm_access.roles']],
    [' groups , email ', ['groups', 'email']],
    ['"cognito:groups"', ['"cognito:groups"']],
    ['"a,b",c', ['"a,b"', 'c']],
    ['[a,b][0],c', ['[a,b][0]', 'c']],
    ["join(',', roles),name", ["join(',', roles)", 'name']],
    ['not_null(upn, email),{a: b, c: d}.a', ['not_null(upn, email)', '{a: b, c: d}.a']],
  ])('%j are split at the commas that stand outside', (list, expected) => {
    expect(expressions.parse(list)).toEqual(expected);
  });

  test.each(['cognito:groups', 'a,,[', 'a b', '"open', 'roles[', ',', ' '])('%j is refused', (list) => {
    expect(expressions.safeParse(list).success).toBe(false);
  });

  const field = fc.oneof(
    fc.stringMatching(/^[a-z_][a-z0-9_]{0,8}$/),
    fc.stringMatching(/^[a-z:,.()[\] ]{1,8}$/).map((name) => JSON.stringify(name)),
    fc.stringMatching(/^[a-z,]{1,6}$/).map((word) => `contains(groups, '${word}')`),
  );

  test('that were joined by commas are found again', () => {
    fc.assert(
      fc.property(fc.array(field, { minLength: 1 }), (fields) => {
        expect(expressions.parse(fields.join(','))).toEqual(fields);
      }),
    );
  });

  test('of any text are refused or read; nothing is thrown', () => {
    fc.assert(
      fc.property(fc.string(), (list) => {
        const read = expressions.safeParse(list);
        expect(read.success ? read.data.length > 0 : read.error.issues.length > 0).toBe(true);
      }),
    );
  });
});

test('a base path of any text is refused, or a plain path without a slash at its end', () => {
  const path = fc.array(fc.constantFrom('/', '.', 'a', '%', '~', '\\', '?')).map((parts) => parts.join(''));
  fc.assert(
    fc.property(fc.oneof(path, fc.string({ unit: 'binary' })), (given) => {
      const read = basePath.safeParse(given);
      if (!read.success) return;
      expect(read.data).toMatch(/^(?:\/[A-Za-z0-9._~-]+)*$/);
      expect(new URL(read.data, 'https://lamp.example').pathname).toBe(read.data || '/');
    }),
  );
});
