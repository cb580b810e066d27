/** Owns `pnpm conformance`: writes docs/conformance.md from the requirements and the tests that name them. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { conformanceDocument, conformanceProblems, conformanceText, findProofs } from './check/conformance.ts';
import { command, givenArguments } from './cli/options.ts';
import { runCommand } from './cli/run.ts';
import { repositoryRoot } from './repository.ts';
import { readOutcomes, resultsOf } from './test/conformance.ts';

command('conformance', 'Write docs/conformance.md: each security requirement beside the tests that prove it.').parse(
  givenArguments(),
  { from: 'user' },
);

await runCommand(async () => {
  const proofs = await findProofs();
  const text = conformanceText(proofs, resultsOf(readOutcomes()));
  await writeFile(join(repositoryRoot, conformanceDocument), text);
  const problems = conformanceProblems(proofs, text);
  for (const problem of problems) console.error(problem);
  console.log(`${conformanceDocument}: ${proofs.length} tests`);
  return problems.length === 0 ? 0 : 1;
});
