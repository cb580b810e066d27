/** Owns where things lie in this checkout. */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const repositoryRoot: string = fileURLToPath(new URL('..', import.meta.url));
/** Everything a running world keeps; never committed. `LAMPLIGHTER_WORLDS` names another folder, for tests that must not meet a person's own worlds. */
export const worldsRoot: string = process.env['LAMPLIGHTER_WORLDS'] || join(repositoryRoot, '.lamplighter', 'worlds');
/** What a runner writes when it is not told another place. */
export const reportsRoot: string = join(repositoryRoot, '.lamplighter', 'reports');
export const webFolder: string = join(repositoryRoot, 'apps', 'web');
export const webBuild: string = join(webFolder, 'dist');
export const serverMain: string = join(repositoryRoot, 'apps', 'server', 'src', 'main.ts');
/** There after `pnpm build`. */
export const serverBuild: string = join(repositoryRoot, 'apps', 'server', 'dist', 'main.js');
export const e2eFolder: string = join(repositoryRoot, 'e2e');
