/** Owns building the page, which turbo skips when nothing it is made of has changed. */
import { $ } from 'zx';
import type { Progress } from '../cli/progress.ts';
import { repositoryRoot } from '../repository.ts';

/** Builds apps/web into its dist folder. Rejects with turbo's own output when it does not build. */
export async function buildPage(progress: Progress, signal: AbortSignal): Promise<void> {
  progress.begin('building the page');
  await $({
    cwd: repositoryRoot,
    quiet: true,
    signal,
  })`turbo run build --filter=@lamplighter/web --output-logs=errors-only`;
  progress.done('building the page');
}
