/** Owns carrying a bump in fixtures/parts/pins.json over to the Go modules, whose go.sum then pins the new sources. */
import { join } from 'node:path';
import { goModulesFolder, partNames, pins } from '@lamplighter/fixtures';
import { $ } from 'zx';
import { command, givenArguments } from './cli/options.ts';
import { runCommand } from './cli/run.ts';

command('pins', 'Make the Go modules follow fixtures/parts/pins.json.').parse(givenArguments(), { from: 'user' });

/** Kubernetes asks for its own staging modules at v0.0.0; they are published as v0.<minor>.<patch>. */
async function stagingReplacements(folder: string, version: string): Promise<string[]> {
  const published = version.replace(/^v1\./, 'v0.');
  const { stdout } = await $({ cwd: folder, quiet: true })`go mod download -json k8s.io/kubernetes@${version}`;
  const { GoMod } = JSON.parse(stdout) as { GoMod: string }; // the documented answer of `go mod download -json`
  const { stdout: mod } = await $({ quiet: true })`go mod edit -json ${GoMod}`;
  const { Require } = JSON.parse(mod) as { Require: { Path: string; Version: string }[] }; // `go help mod edit`
  return Require.filter((required) => required.Version === 'v0.0.0').map(
    ({ Path }) => `-replace=${Path}=${Path}@${published}`,
  );
}

await runCommand(async (signal) => {
  const builds = new Map(partNames.map((name) => [pins.parts[name].build.folder, pins.parts[name].build.requires]));
  for (const [folder, { module, version }] of builds) {
    const cwd = join(goModulesFolder, folder);
    const replacements = module === 'k8s.io/kubernetes' ? await stagingReplacements(cwd, version) : [];
    await $({ cwd, signal })`go mod edit -require=${module}@${version} ${replacements}`;
    await $({ cwd, signal, env: { ...process.env, GOFLAGS: '-mod=mod' } })`go mod tidy`;
    console.log(`${folder}: ${module} ${version}`);
  }
  return 0;
});
