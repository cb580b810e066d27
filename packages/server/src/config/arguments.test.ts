import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type GivenValue, readArguments } from './arguments.ts';
import { readEnvironment } from './environment.ts';
import { FLAG_BY_NAME, FLAGS, type Flag } from './flags.ts';
import { readSettings } from './read-settings.ts';

const anyFlag = fc.constantFrom(...FLAGS);
const anyValue = fc.string({ unit: 'binary' });
const dash = fc.constantFrom('-', '--');

/** A flag in one of the ways it may be written, with what is meant. */
const written = fc
  .record({ flag: anyFlag, value: anyValue, dash, attached: fc.boolean() })
  .map(({ flag, value, dash, attached }) => {
    const name = `${dash}${flag.name}`;
    if (flag.kind === 'boolean' && !attached) return { flag, meant: 'true', words: [name] };
    return { flag, meant: value, words: attached ? [`${name}=${value}`] : [name, value] };
  });

test('whatever is written in whichever way is read as it was meant, the last one of a name', () => {
  fc.assert(
    fc.property(fc.array(written), (given) => {
      const { values, problems } = readArguments(given.flatMap(({ words }) => words));
      const meant = new Map(given.map(({ flag, meant }) => [flag.name, meant]));
      expect(problems).toEqual([]);
      expect(new Map([...values].map(([name, { value }]) => [name, value]))).toEqual(meant);
    }),
  );
});

test('no words at all make it throw, and each is told of once or read', () => {
  fc.assert(
    fc.property(
      fc.array(
        fc.oneof(
          anyValue,
          written.map(({ words }) => words[0] ?? ''),
        ),
      ),
      (argv) => {
        const { values, problems } = readArguments(argv);
        expect(problems.length + values.size).toBeLessThanOrEqual(argv.length);
        for (const name of values.keys()) expect(FLAG_BY_NAME.has(name)).toBe(true);
      },
    ),
  );
});

test('a word that is no flag is never shown: it may be a secret that lost its flag', () => {
  const said = readArguments(['hunter2']).problems;
  expect(JSON.stringify(said)).not.toContain('hunter2');
  // Whatever the word is, nothing else is said: so nothing of it can be.
  fc.assert(
    fc.property(fc.stringMatching(/^[a-z0-9]{1,40}$/), (word) => {
      expect(readArguments([word]).problems).toEqual(said);
    }),
  );
});

test('an environment of any values is read without throwing, and the empty ones are unset', () => {
  const environment = fc.dictionary(
    anyFlag.map(({ name }) => `LAMPLIGHTER_${name.toUpperCase().replaceAll('-', '_')}`),
    anyValue,
  );
  fc.assert(
    fc.property(environment, (given) => {
      for (const [, { key, value }] of readEnvironment(given)) {
        expect(value).not.toBe('');
        expect(given[key]).toBe(value);
      }
    }),
  );
});

test('settings come of any values whatever; each refused one is told of once, with its key', () => {
  const given = fc
    .array(fc.tuple(anyFlag, fc.oneof(anyValue, fc.constantFrom('true', '1', 'memory', 'email', '$(X)', '/', '/x'))))
    .map((pairs) => new Map(pairs.map(([flag, value]): [string, GivenValue] => [flag.name, toGiven(flag, value)])));
  fc.assert(
    fc.property(given, (values) => {
      const { settings, problems, rejected } = readSettings(values);
      expect(settings['session-ttl']).toBeGreaterThan(0);
      expect(new Set(problems.map(({ key }) => key))).toEqual(new Set([...rejected].map((name) => `--${name}`)));
      expect(problems.length).toBe(rejected.size);
    }),
  );
});

function toGiven({ name }: Flag, value: string): GivenValue {
  return { key: `--${name}`, value };
}
