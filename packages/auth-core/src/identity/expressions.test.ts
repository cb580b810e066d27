import fc from 'fast-check';
import { expect, test } from 'vitest';
import { evaluate, parseExpressions } from './expressions.ts';

test.each<[string, readonly string[]]>([
  ['preferred_username,upn,username,name', ['preferred_username', 'upn', 'username', 'name']],
  [' groups , realm_access.roles ', ['groups', 'realm_access.roles']],
  ['"cognito:groups"', ['"cognito:groups"']],
  ['"a,b",c', ['"a,b"', 'c']],
  ['"a\\",b",c', ['"a\\",b"', 'c']],
  ["join(',', groups),sub", ["join(',', groups)", 'sub']],
  ['[a, b] | [0],c', ['[a, b] | [0]', 'c']],
  ['{x: a, y: b}.x', ['{x: a, y: b}.x']],
  ["groups[?starts_with(@, 'k8s,')]", ["groups[?starts_with(@, 'k8s,')]"]],
  ['`["a,b"]`', ['`["a,b"]`']],
  ['a,,b,', ['a', 'b']],
  ['', []],
  [' , ', []],
])('%j is the expressions %j', (list, expressions) => {
  expect(parseExpressions(list)).toEqual(expressions);
});

test.each(['cognito:groups', 'a b', 'a,b[', '"open', "join(',', a", 'a.', '(a', 'a)', '[', 'groups[?]'])(
  '%j is none',
  (list) => {
    expect(parseExpressions(list)).toBeUndefined();
  },
);

test('any list of names comes back as it was, however it is spaced', () => {
  const name = fc.stringMatching(/^[a-z_][a-z0-9_]{0,9}(?:\.[a-z_]{1,5})?$/);
  fc.assert(
    fc.property(fc.array(fc.tuple(name, fc.constantFrom('', ' ', '  ')), { maxLength: 8 }), (items) => {
      const list = items.map(([item, space]) => `${space}${item}${space}`).join(',');
      expect(parseExpressions(list)).toEqual(items.map(([item]) => item));
    }),
  );
});

test('any name at all can be written in quotes', () => {
  fc.assert(
    fc.property(fc.string({ minLength: 1 }), fc.string(), (claim, value) => {
      const [expression = '', ...more] = parseExpressions(JSON.stringify(claim)) ?? [];
      expect(more).toEqual([]);
      expect(evaluate(expression, { [claim]: value })).toBe(value);
    }),
  );
});

test('no text is read with an error', () => {
  fc.assert(
    fc.property(fc.string(), fc.jsonValue(), (text, claims) => {
      // JSON by construction; the generator's type is wider than the library's.
      for (const expression of parseExpressions(text) ?? []) evaluate(expression, claims as never);
    }),
    { numRuns: 2_000 },
  );
});
