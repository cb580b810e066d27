/** Owns docs/conformance.md: each requirement with its source and the tests that carry its id in their titles. A missing test is a breach. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Requirement, requirements } from '@lamplighter/fixtures';
import { $ } from 'zx';
import { repositoryRoot } from '../repository.ts';

/** One test that says which requirements it proves. */
export interface Proof {
  readonly file: string;
  readonly title: string;
  readonly ids: readonly string[];
}

export const conformanceDocument: string = join('docs', 'conformance.md');

/** A string literal whose text ends in ids: `'… is refused [C16, C17]'`. */
const TITLED = /(['"`])((?:\\.|(?!\1)[^\\\n])*) \[(C\d+(?:, ?C\d+)*)\]\1/g;

const TESTS = /\.(?:test|spec|contract)\.tsx?$/;

/** The tests of one file, in order. */
export function proofsIn(file: string, text: string): readonly Proof[] {
  return [...text.matchAll(TITLED)].map(([, , title = '', ids = '']) => ({
    file,
    title: title.replaceAll(/\\(.)/g, '$1'),
    ids: ids.split(/, ?/),
  }));
}

/** Every test of the product that names a requirement; those of the tools only speak of ids. */
export async function findProofs(): Promise<readonly Proof[]> {
  const { stdout } = await $({ cwd: repositoryRoot, quiet: true })`git ls-files --cached --others --exclude-standard`;
  return stdout
    .split('\n')
    .filter((file) => TESTS.test(file) && !file.startsWith('scripts/') && existsSync(join(repositoryRoot, file)))
    .toSorted()
    .flatMap((file) => proofsIn(file, readFileSync(join(repositoryRoot, file), 'utf8')));
}

/** What became of each requirement's tests, by id: `3 of 3 passed`. */
export type Results = ReadonlyMap<string, string>;

/** The document as it should stand. */
export function conformanceText(
  proofs: readonly Proof[],
  results: Results,
  all: readonly Requirement[] = requirements,
): string {
  const rows = all.map(({ id, demand, source, due }) => {
    const own = proofs.filter(({ ids }) => ids.includes(id));
    const tests = own.map(({ file, title }) => `${escapeCell(title)} (\`${file}\`)`).join('<br>');
    const none = due === 'later' ? 'comes with what it speaks of' : 'none';
    return `| ${id} | ${demand} | ${source} | ${tests || none} | ${results.get(id) ?? ''} |`;
  });
  return `# Conformance

What this server is held to, where that comes from, and the tests that show it. The tests are those that carry the requirement's id in
their title. This page is written by \`pnpm conformance\`, with the results of the last \`pnpm test\`. \`pnpm check\` fails when its tests are
out of date or a requirement has none; \`pnpm test\` fails when one of them was not run or did not pass.

| id | demand | source | tests | result |
| --- | --- | --- | --- | --- |
${rows.join('\n')}
`;
}

/** Every breach, as a line each. */
export function conformanceProblems(
  proofs: readonly Proof[],
  written: string,
  all: readonly Requirement[] = requirements,
): readonly string[] {
  const known = new Set<string>(all.map(({ id }) => id));
  const missing = all
    .filter(({ id, due }) => due === 'now' && !proofs.some(({ ids }) => ids.includes(id)))
    .map(({ id, demand }) => `${id} (${demand}) has no test with its id`);
  const strange = proofs.flatMap(({ file, ids }) =>
    ids.filter((id) => !known.has(id)).map((id) => `${file} names ${id}, which is no requirement`),
  );
  const stale =
    written === conformanceText(proofs, resultsIn(written), all)
      ? []
      : [`${conformanceDocument} is out of date: pnpm conformance`];
  return [...missing, ...strange, ...stale];
}

const ROW = /^\| (C\d+) \|.* \| ([^|]*) \|$/gm;

/** The results a document holds: they are of a run, so no later look at the sources can say that they are out of date. */
function resultsIn(written: string): Results {
  return new Map([...written.matchAll(ROW)].map(([, id = '', result = '']) => [id, result.trim()]));
}

function escapeCell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('<', '&lt;');
}
