import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { environmentName } from './config/environment.ts';
import { ALIASES, FLAGS } from './config/flags.ts';
import { createMetrics } from './metrics.ts';
import { DESCRIPTIONS } from './respond.ts';
import { ROUTES } from './routes.ts';

const docs = join(import.meta.dirname, '../../../docs');

/** The cells of every table row whose first cell is code, by that cell; code marks taken off. */
function rowsOf(name: string): ReadonlyMap<string, readonly string[]> {
  const lines = readFileSync(join(docs, name), 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('| `'));
  const rows = lines.map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
  return new Map(rows.map(([first = '', ...rest]) => [first.replaceAll('`', ''), rest]));
}

test('docs/errors.md says of every reason what the code says, and of no other', () => {
  const written = [...rowsOf('errors.md')].map(([reason, [status, code, sentence]]) => [
    reason,
    status,
    code,
    sentence,
  ]);
  const coded = Object.entries(DESCRIPTIONS).map(([reason, { status, code, sentence }]) => [
    reason,
    String(status),
    `\`${code}\``,
    sentence,
  ]);
  expect(written.toSorted()).toEqual(coded.toSorted());
});

test('docs/errors.md says for every reason what to do', () => {
  const silent = [...rowsOf('errors.md')].filter(([, [, , , advice = '']]) => advice.length < 8);
  expect(silent).toEqual([]);
});

test('docs/config.md lists every flag with its environment, default and effect, and no other', () => {
  const written = [...rowsOf('config.md')].map(([flag, [environment, fallback, effect]]) => [
    flag,
    environment,
    fallback,
    effect,
  ]);
  const coded = FLAGS.map(({ name, fallback, meaning }) => [
    `--${name}`,
    name === 'help' || name === 'version' ? '' : `\`${environmentName(name)}\``,
    fallback === '' ? '' : `\`${fallback}\``,
    meaning,
  ]);
  expect(written.toSorted()).toEqual(coded.toSorted());
});

test('docs/config.md names every other name of a flag and every route that is not built', () => {
  const text = readFileSync(join(docs, 'config.md'), 'utf8');
  for (const alias of ALIASES.keys()) expect(text).toContain(`\`--${alias}\``);
  for (const { handler, path } of ROUTES) if (handler === 'notBuilt') expect(text).toContain(`\`${path}\``);
});

test('docs/audit.md lists every metric of ours, and no other', async () => {
  const written = [...rowsOf('audit.md')].filter(([name]) => name.startsWith('lamplighter_'));
  const coded = [...(await (await createMetrics()).read()).text.matchAll(/^# TYPE (lamplighter_\w+) /gm)];
  expect(written.map(([name]) => name).toSorted()).toEqual(coded.map(([, name]) => name).toSorted());
});
